import { spawn, type ChildProcess } from 'node:child_process';

// A shell, because it is there everywhere and costs next to nothing. Its standard input ends when this process does,
// however it does.
const SCRIPT = `trap '' INT TERM HUP QUIT
pids=' '
while read -r sign pid; do
  case $sign in
    +) pids="$pids$pid " ;;
    -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
[ -z "\${pids##* [0-9]*}" ] && kill -9 $pids 2>/dev/null`;

/**
 * Ends processes that cannot notice the death of this one themselves, because they loop. Most runs have no watcher that
 * would.
 */
export class Reaper {
  readonly #pids = new Set<number>();
  #turn: NodeJS.Immediate | undefined;
  #shell: ChildProcess | undefined;

  /** `ended` resolves when the process is gone: its number may be another's then. */
  add(pid: number, ended: Promise<unknown>): void {
    // One that could not be started; to kill -1 would mean everybody.
    if (pid <= 0) return;
    this.#pids.add(pid);
    this.#tell(`+ ${pid}`);
    void ended.then(() => {
      this.#pids.delete(pid);
      this.#tell(`- ${pid}`);
    });
    // While the first of them starts up, this process has nothing else to do.
    this.#turn ??= setImmediate(() => this.#start());
  }

  /** Those that are there still come to an end by themselves. */
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
