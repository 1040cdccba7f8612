// Processes of a bench: servers that print "ready PORT", a private Redis, the load generator.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const START_MS = 15000;
const STOP_MS = 10000;

export class Session {
  constructor(bin, scratch) {
    this.bin = bin;
    this.scratch = scratch;
    this.running = [];
  }

  binary(name) {
    return path.join(this.bin, name);
  }

  // Starts a process; resolves to {pid, port} when it has printed "ready PORT".
  async server(name, args = [], options = {}) {
    const startedAt = process.hrtime.bigint();
    const command = path.isAbsolute(name) ? name : this.binary(name);
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.running.push(child);
    let output = '';
    let complaints = '';
    child.stderr.on('data', (chunk) => (complaints = `${complaints}${chunk}`.slice(-2000)));
    const ready = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${complaints.trim()}`)));
      child.stdout.on('data', (chunk) => {
        output += chunk;
        const match = output.match(/^ready (\d+)$/m);
        if (match) resolve(Number(match[1]));
      });
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
    const port = await ready.finally(() => clearTimeout(timer));
    const readyMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
    return { child, pid: child.pid, port, readyMs };
  }

  // A Redis of our own on a Unix socket, filled with the look-ups' keys.
  async redis() {
    const socket = path.join(this.scratch, 'redis.sock');
    const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', this.scratch];
    const child = spawn('redis-server', args, { stdio: 'ignore' });
    this.running.push(child);
    const failed = once(child, 'error').then(([error]) => Promise.reject(error));
    await Promise.race([this.#fill(socket), failed]);
    return { child, pid: child.pid, socket };
  }

  async #fill(socket) {
    const HOLDERS = 1000;
    const value = 'v'.repeat(200);
    const commands = [];
    for (let holder = 0; holder < HOLDERS; holder++)
      for (const part of 'abcd') commands.push(`SET bench:${holder}:${part} ${value}\r\n`);
    const client = await this.#connect(socket);
    client.write(commands.join(''));
    let answers = 0;
    for await (const chunk of client) {
      answers += String(chunk).split('+OK').length - 1;
      if (answers >= commands.length) break;
    }
  }

  async #connect(socket) {
    for (let left = START_MS; left > 0; left -= 20) {
      const client = connect(socket);
      const up = await new Promise((resolve) => {
        client.once('connect', () => resolve(true));
        client.once('error', () => resolve(false));
      });
      if (up) return client;
      await pause(20);
    }
    throw new Error('redis-server does not come up');
  }

  // One measurement. `load` is {inFlight} or {rate}, channels, method, request, metadata.
  async load(server, load, ms, others = []) {
    const args = ['--target', `127.0.0.1:${server.port}`, '--method', load.method];
    if (load.inFlight) args.push('--in-flight', load.inFlight);
    else args.push('--rate', load.rate);
    args.push('--channels', load.channels, '--ms', ms, '--warmup-ms', load.warmupMs ?? 250);
    if (load.request) args.push('--request', load.request);
    for (const [key, value] of Object.entries(load.metadata ?? {})) args.push('--metadata', `${key}=${value}`);
    for (const process of [server, ...others]) args.push('--pid', process.pid);
    const result = await new Promise((resolve, reject) =>
      execFile(this.binary('tests/bench/load_generator'), args.map(String), (error, out, complaints) =>
        error ? reject(new Error(`load_generator: ${complaints || error.message}`)) : resolve(JSON.parse(out)),
      ),
    );
    if (result.calls === 0) throw new Error('no call came back');
    if (result.ok !== result.calls || result.refused_here > 0)
      throw new Error(`failed calls: ${JSON.stringify(result.status)}, ${result.refused_here} not sent`);
    return {
      ...result,
      cpuUs: (result.server_cpu_s[0] / result.calls) * 1e6,
      callsPerSecond: result.calls / result.elapsed_s,
      otherCpus: result.other_cpu_s / result.elapsed_s,
    };
  }

  async stop(child) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  async stopAll() {
    await Promise.all(this.running.splice(0).map((child) => this.stop(child)));
  }
}
