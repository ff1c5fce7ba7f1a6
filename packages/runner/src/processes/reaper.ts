import { spawn, type ChildProcess } from 'node:child_process';

// A shell, because it exists everywhere and costs little. Its standard input closes when this process dies in any way.
const SCRIPT = `trap '' INT TERM HUP QUIT
pids=' '
while read -r sign pid; do
  case $sign in
    +) pids="$pids$pid " ;;
    -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
[ -z "\${pids##* [0-9]*}" ] && kill -9 $pids 2>/dev/null`;

/** Kills processes that are stuck in a loop and cannot notice our death. Most runs have no watcher to do that. */
export class Reaper {
  readonly #pids = new Set<number>();
  #turn: NodeJS.Immediate | undefined;
  #shell: ChildProcess | undefined;

  /** `ended` resolves when the process is gone: its pid may be reused then. */
  add(pid: number, ended: Promise<unknown>): void {
    // A process that did not start has no pid; kill -1 would hit every process.
    if (pid <= 0) return;
    this.#pids.add(pid);
    this.#tell(`+ ${pid}`);
    void ended.then(() => {
      this.#pids.delete(pid);
      this.#tell(`- ${pid}`);
    });
    // While the first of them starts, this process is idle.
    this.#turn ??= setImmediate(() => this.#start());
  }

  /** Processes that run already still end by themselves. */
  close(): void {
    clearImmediate(this.#turn);
    for (const pid of this.#pids) this.#tell(`- ${pid}`);
    this.#shell?.stdin?.end();
  }

  #start(): void {
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], cwd: '/', detached: true });
    this.#shell = shell;
    shell.on('error', () => {});
    shell.stdin.on('error', () => {});
    shell.unref();
    (shell.stdin as unknown as { unref(): void }).unref();
    for (const pid of this.#pids) this.#tell(`+ ${pid}`);
  }

  #tell(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`);
  }
}
