/**
 * Every code of a {@link ChaosError}. `docs/reference/errors.md` is generated from this file: what happened, `@why`,
 * and `@fix`. A fault or service of your own adds its codes by declaration merging:
 *
 * @example
 * declare module '@chaos/spec' {
 *   interface ErrorCodes {
 *     BROKER_WITHOUT_LEADER: true;
 *   }
 * }
 */
export interface ErrorCodes {
  /**
   * The machine lacks something that a test or a fault needs. A test is skipped, with this reason.
   * @why A program, a kernel module or a right is missing, or the fault would act on another part of the machine.
   * @fix The hint says how to get it; `chaos doctor` lists everything that is missing.
   */
  CAPABILITY_MISSING: true;
  /**
   * A list of proxies cannot be applied.
   * @why The file of `chaos proxy --config` is no JSON list, or an entry has a wrong field.
   * @fix Correct the entry that the message names: a list of `{ name, listen, upstream, enabled?, toxics? }`.
   */
  CONFIG: true;
  /**
   * A connection could not be opened because the process has no file descriptor left.
   * @why The limit of open files is reached; a connection through a proxy takes two.
   * @fix Raise the limit (`ulimit -n`), or lower `concurrent_requests`.
   */
  DESCRIPTORS_EXHAUSTED: true;
  /**
   * Faults of another session are on this network device.
   * @why Two sessions cannot share one device. The other one is running, or it was killed and its lease has not ended
   * yet.
   * @fix Let that session heal. If it was killed: `chaos heal` or `chaos net down`.
   */
  DEVICE_BUSY: true;
  /**
   * The environment could not be set up. Exit code 3.
   * @why A service or the target did not start or become ready, or the machine refused a file, a port or a process.
   * @fix Read the message: it has the last lines of the log. `chaos doctor` checks the machine.
   */
  ENVIRONMENT: true;
  /**
   * The target was expected to exit, and did not, or exited in another way.
   * @why It caught what should have ended it, it needs longer, or its exit code is another one.
   * @fix Compare exit code, signal and last output in the message; `timeoutMs` of `expectExit()` allows more time.
   */
  EXIT_MISSING: true;
  /**
   * Two faults cannot be in force at the same time.
   * @why Both set the same property of the same packets, or the kernel allows only one of this kind on a device.
   * @fix Heal the first fault before the second, or let them match different packets.
   */
  FAULT_CONFLICT: true;
  /**
   * A fault of packets was not in force during the whole test.
   * @why The machine was too busy to renew the lease of the rules, so the kernel removed them. What the test saw proves
   * nothing.
   * @fix Run fewer tests at the same time (`--workers`), and this one again.
   */
  FAULT_LAPSED: true;
  /**
   * A fault was applied, and a measurement or the kernel shows something else than planned.
   * @why Another program changed the device, the kernel rounded a value, or the machine is too busy to measure.
   * @fix Compare the planned and the measured value in the message; `chaos net show` prints what is in force.
   */
  FAULT_NOT_AS_PLANNED: true;
  /**
   * A fault was refused before anything happened.
   * @why It needs a process that we started, and the service is external (`services.<name>.url`) or not running.
   * @fix Remove the `url` to get a server that may be broken, or break the link to the service instead.
   */
  FAULT_REFUSED: true;
  /**
   * A test ended while something that it broke was still broken.
   * @why The test wrote an undo into the journal itself and never settled it.
   * @fix Use `inject(fault)`, which heals at the end, or `settle()` the entry when it is undone.
   */
  FAULT_UNHEALED: true;
  /**
   * A fault was applied, and nothing can tell whether it is in force.
   * @why Other processes kept the CPU so busy that handshakes without the fault look like those with it.
   * @fix Run fewer tests at the same time (`--workers`), and this one again.
   */
  FAULT_UNVERIFIED: true;
  /**
   * A dead run could not be healed because another process is healing it.
   * @why A `chaos heal`, a watcher or a new run holds the lock of its journal.
   * @fix Wait, or end the process that the message names, then run `chaos heal`.
   */
  HEAL_BUSY: true;
  /**
   * A history could not be read.
   * @why A line is not what the format says; the message has file, line and column.
   * @fix Correct the line, or name the format with `--format`. See [the formats](history-formats.md).
   */
  HISTORY_FORMAT: true;
  /**
   * The system gave a wrong result: lost or doubled data, a bad token accepted, an anomaly in a history.
   * @why A matcher that judges correctness failed. Timing cannot explain it, so it is never retried and never flaky.
   * @fix It is a defect of the system or of the expectation. The message has the evidence; `--seed` repeats the run.
   */
  INVARIANT_VIOLATION: true;
  /**
   * A fault was not injected because its undo could not be written down.
   * @why The folder for temporary files is full, read-only or gone.
   * @fix Free some space there, or set `TMPDIR`.
   */
  JOURNAL_UNWRITABLE: true;
  /**
   * A test ended and left something open that grows with each run of it. Only with `runner.leaks: fail`.
   * @why A handle, a process or a file was opened and not closed; a second run of the test opened another one.
   * @fix Close what the test opens, or open it in a worker fixture or in `beforeAll`.
   */
  LEFT_BEHIND: true;
  /**
   * A link is still broken after all faults were healed. The slot is rebuilt.
   * @why A fault of a link did not go away, for instance because the kernel refused to remove a rule.
   * @fix Nothing for this run. If it repeats: `chaos heal`, and report it.
   */
  LINK_BROKEN: true;
  /**
   * A test ended, and something that it had started had not. It is not tried again.
   * @why An `await` is missing before a matcher that waits, `inject`, `heal`, a load, a step, `attach`, an `experiment`,
   * an operation of the target or a method of a fixture; or it lost a race and went on.
   * @fix Write `await` before the call that the error points to, or keep its promise and await that before the test
   * ends.
   */
  NOT_AWAITED: true;
  /**
   * An operation of the target did not end `ok`; `data.outcome` says how.
   * @why The service decided against it (`rejected`), could not (`unavailable`), or gave no answer (`timeout`,
   * `unknown`).
   * @fix Expected while a fault is in force: count outcomes with `load`. Elsewhere read the log of the target.
   */
  OPERATION: true;
  /**
   * A port that a proxy should listen on is in use.
   * @why Another process, or another proxy of this one, listens there.
   * @fix Choose another port, or 0 for any.
   */
  PORT_TAKEN: true;
  /**
   * A process did not end after SIGKILL.
   * @why It sleeps uninterruptibly (state D): it waits for a disk or a network file system.
   * @fix Restore that device; the kernel ends the process then.
   */
  PROCESS_SURVIVED: true;
  /**
   * A network device cannot be used: its queueing discipline could not be set up again afterwards.
   * @why The device has a qdisc with classes or options that cannot be read back completely.
   * @fix Remove it first (`tc qdisc del dev DEVICE root`), or use another device or a namespace.
   */
  QDISC_NOT_RESTORABLE: true;
  /**
   * The queueing discipline of a device is not what it was before the fault.
   * @why Another program changed the device in the meantime, or the kernel refused the old setting.
   * @fix Set it up again by hand; the message has what it was.
   */
  QDISC_NOT_RESTORED: true;
  /**
   * A report could not be read or written, or a reporter returned something impossible.
   * @why The disk is full, the path is wrong, or a file is cut off.
   * @fix See the path in the message. The exit code says that the run lost output.
   */
  REPORT: true;
  /**
   * A service could not be brought back to its snapshot. The slot is rebuilt.
   * @why A session blocks the reset, or the state after it differs from the state that was remembered.
   * @fix Look for what the test or the target leaves open: transactions, prepared statements, settings.
   */
  RESET_FAILED: true;
  /**
   * A service of ours is not running, or another process answers at its address.
   * @why It was killed from outside, by the kernel for want of memory, or by a fault that was never healed.
   * @fix Read the last lines of its log in the message. `chaos env` shows the memory that it may use.
   */
  SERVICE_DOWN: true;
  /**
   * The process that keeps the services of a slot has ended. Its test fails; the slot is rebuilt.
   * @why It was killed from outside, or by the kernel for want of memory.
   * @fix Look for an out-of-memory kill (`dmesg`), and use fewer workers (`--workers`).
   */
  SLOT_LOST: true;
  /**
   * The target ended by itself, stopped listening, or was started again by something of its own. Its test fails.
   * @why It crashed, it gave up, or a supervisor within it restarted it. The message has the exit code or the signal,
   * the fault that was in force, and the last output.
   * @fix It is a defect of the target, unless the test means it to end: then
   * `await target.process.expectExit({ code })`.
   */
  TARGET_EXITED: true;
  /**
   * The kernel refused a rule of traffic control or nftables.
   * @why A module is missing, the device has gone, or rights are missing; the message has the command and its answer.
   * @fix `chaos doctor` checks modules and rights.
   */
  TC_FAILED: true;
  /**
   * The run was ended from outside. Exit code 130 or 143.
   * @why A signal, or the death of npx, pnpm or sh above it.
   * @fix Nothing: faults are healed and what ran is reported.
   */
  TERMINATED: true;
  /**
   * A ratio or a percentile was judged over too few samples to mean anything.
   * @why The load made fewer operations than the claim needs.
   * @fix Run more iterations; `minimumSamples()` computes how many.
   */
  TOO_FEW_SAMPLES: true;
  /**
   * A proxy could not reach its upstream.
   * @why Nothing listens there, the name does not resolve, or there is no route.
   * @fix Start the upstream, or correct its address.
   */
  UPSTREAM_UNREACHABLE: true;
  /**
   * The command line, the configuration or a test file is wrong. Exit code 2.
   * @why A name, value or combination is not allowed; all problems are listed at once, each with its place.
   * @fix Correct what the message names; it has the value and what is allowed.
   */
  USAGE: true;
  /**
   * A checker can neither accept nor refuse a history.
   * @why Too little was observed, or the search reached its budget.
   * @fix Run the load longer, read more of what it wrote, or give the checker a larger budget.
   */
  VERDICT_UNKNOWN: true;
  /**
   * Every operation of the warm-up failed, before any fault was injected.
   * @why The target does not work, or the operation is wrong.
   * @fix Read the log of the target; call the operation once without load.
   */
  WARM_UP_FAILED: true;
  /**
   * The worker that ran a test has ended or hung.
   * @why `process.exit`, a crash, no memory, or an endless loop in the test.
   * @fix The message has its last words. Raise `--max-old-space-size` in `NODE_OPTIONS` if it was out of memory.
   */
  WORKER_LOST: true;
}

/** One of {@link ErrorCodes}. */
export type ErrorCode = keyof ErrorCodes;
