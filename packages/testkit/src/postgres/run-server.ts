import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { binaries, unprivileged } from './binaries.ts';

/** The processes of one PostgreSQL server, and what can befall them. */
export interface RunningServer {
  /** Of the postmaster, anew after each start. */
  readonly pid: number;
  /** False when it was killed, or gave up by itself. */
  readonly isRunning: boolean;
  /** Stops all of its processes where they are (SIGSTOP); the function it returns lets them go on. */
  freeze(): () => void;
  /**
   * Kills (SIGKILL) one process that serves a client. The server then ends all others, recovers
   * and goes on by itself. Returns how many were left to choose from: 0, nobody was connected.
   */
  killBackend(): number;
  /** Ends it at once, as a crash would: no checkpoint, what is not in the log is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port and waits until it answers. */
  start(): Promise<void>;
  /** {@link kill} and {@link start}. */
  crash(): Promise<void>;
  /** Ends it in order, if it runs. */
  end(): Promise<void>;
}

export interface RunInput {
  /** Its home: sockets, and `data` unless `data` says otherwise. */
  readonly dir: string;
  readonly data: string;
  readonly port: number;
  /** `name=value`, as in postgresql.conf. */
  readonly settings: readonly string[];
  /** What it says when it is of use: a standby serves no writes. */
  readonly readyWhen: string;
}

/** Starts a server on a data folder and waits until it answers. */
export async function runServer({
  dir,
  data,
  port,
  settings,
  readyWhen,
}: RunInput): Promise<RunningServer> {
  const { postgres } = await binaries();
  const args = ['-D', data, '-p', String(port), '-k', dir];
  for (const setting of ['listen_addresses=127.0.0.1', ...settings]) args.push('-c', setting);
  const launch = () =>
    spawn(postgres, args, { ...unprivileged(dir), stdio: ['ignore', 'ignore', 'pipe'] });
  let child = launch();
  // A test run that is cut short takes its server with it.
  const quit = () => child.kill('SIGQUIT');
  process.once('exit', quit);
  await ready(child, readyWhen);

  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const stop = async (signal: NodeJS.Signals) => {
    if (!isRunning()) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const server: RunningServer = {
    get pid() {
      return child.pid!;
    },
    get isRunning() {
      return isRunning();
    },
    freeze() {
      const pids = [child.pid!, ...childrenOf(child.pid!).map((one) => one.pid)];
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      return () => {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      };
    },
    killBackend() {
      // Its title: `postgres: USER DATABASE 127.0.0.1(PORT) what it does`.
      const backends = childrenOf(child.pid!).filter(({ title }) => title.includes('127.0.0.1('));
      const [one] = backends;
      if (one) process.kill(one.pid, 'SIGKILL');
      return backends.length;
    },
    kill: () => stop('SIGQUIT'),
    async start() {
      child = launch();
      await ready(child, readyWhen);
    },
    async crash() {
      await server.kill();
      await server.start();
    },
    async end() {
      process.off('exit', quit);
      await stop('SIGINT');
    },
  };
  return server;
}

function childrenOf(parent: number): { pid: number; title: string }[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, ppid, title = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return Number(ppid) === parent ? [{ pid: Number(pid), title }] : [];
    });
}

function ready(child: ChildProcess, readyWhen: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      if (said.length < 10_000) said += chunk;
      if (said.includes(readyWhen)) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL does not start. It said:\n${said}`)));
  });
}
