// A whole region for a bench: keys, Redis, card and status, with synthetic people in it.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const START_MS = 20000;
const SEED = 7;

// "serving" on stderr carries the ports.
async function serving(child, name) {
  let log = '';
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} does not serve: ${log.slice(-500)}`)), START_MS);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${log.slice(-500)}`)));
    const read = (chunk) => {
      log = `${log}${chunk}`.slice(-20000);
      const whole = log.slice(0, log.lastIndexOf('\n') + 1);
      const line = whole.split('\n').find((l) => l.includes('"event":"serving"'));
      if (!line) return;
      clearTimeout(timer);
      child.stderr.off('data', read);
      child.stderr.resume(); // what follows is not looked at, but must not fill the pipe
      resolve(JSON.parse(line));
    };
    child.stderr.on('data', read);
  });
}

function httpGet(url) {
  return new Promise((resolve, reject) =>
    get(url, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    }).once('error', reject),
  );
}

export class Region {
  constructor(session) {
    this.session = session;
    this.folder = path.join(session.scratch, `region${session.running.length}`);
    this.keys = path.join(this.folder, 'keys');
  }

  // A sandbox is the same of the binaries that have a virtual clock.
  async start({ people = 1000, sandbox = false } = {}) {
    this.sandbox = sandbox;
    mkdirSync(this.folder, { recursive: true });
    await run(this.session.binary('tools/devkeys/devkeys'), ['--dir', this.keys, '--quiet']);
    await this.#redis();
    this.card = await this.service('card');
    this.status = await this.service('status', [`--peer=card=127.0.0.1:${this.card.port}`]);
    if (people > 0) await this.#seed(people);
    return this;
  }

  async #redis() {
    this.socket = path.join(this.folder, 'redis.sock');
    const child = spawn('redis-server', ['--port', '0', '--unixsocket', this.socket, '--save', ''], {
      stdio: 'ignore',
      cwd: this.folder,
    });
    this.session.running.push(child);
    this.redis = { child, pid: child.pid };
  }

  async service(name, more = []) {
    const data = path.join(this.folder, name);
    mkdirSync(data, { recursive: true });
    const args = [
      '--listen=127.0.0.1:0',
      '--operations-listen=127.0.0.1:0',
      `--data-dir=${data}`,
      `--keys-dir=${this.keys}`,
      `--service-signing-key=${this.keys}/token-signing.jwk`,
      `--redis=${this.socket}`,
      '--log-format=json',
      ...(this.sandbox ? [`--sandbox-clock=${path.join(this.folder, 'clock')}`] : []),
      ...more,
    ];
    const program = `services/${name}/${name}${this.sandbox ? '_sandbox' : ''}`;
    const startedAt = process.hrtime.bigint();
    const child = spawn(this.session.binary(program), args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH },
    });
    this.session.running.push(child);
    const line = await serving(child, name);
    const operations = `http://127.0.0.1:${line.operations_port}`;
    await this.ready(operations);
    const readyMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
    return { child, pid: child.pid, port: line.port, operations, readyMs };
  }

  async ready(operations) {
    for (let left = START_MS; left > 0; left -= 5) {
      const answer = await httpGet(`${operations}/readyz`).catch(() => ({ status: 0 }));
      if (answer.status === 200) return;
      await pause(5);
    }
    throw new Error(`${operations} does not get ready`);
  }

  // A restarted Redis is believed after ten seconds at the soonest; a new one at once.
  async cacheIsTrusted() {
    for (let left = START_MS; left > 0; left -= 50) {
      const { text } = await httpGet(`${this.card.operations}/metrics`);
      if (/^sscard_cache_trusted 1$/m.test(text)) return;
      await pause(50);
    }
    throw new Error('the cache is not trusted');
  }

  async #seed(people) {
    this.context = path.join(this.folder, 'context.json');
    writeFileSync(
      this.context,
      JSON.stringify({
        region: '330000',
        keys: 'keys',
        sandbox: this.sandbox,
        services: { card: `127.0.0.1:${this.card.port}`, status: `127.0.0.1:${this.status.port}` },
      }),
    );
    const args = ['--context', this.context, '--count', String(people), '--seed', String(SEED)];
    await run(this.session.binary('tools/seed/seed'), args);
    await this.cacheIsTrusted();
  }

  // sscardctl in this region; what it prints, as JSON.
  async ctl(...words) {
    const args = ['--context', this.context, '-o', 'json', ...words];
    const { stdout } = await run(this.session.binary('tools/sscardctl/sscardctl'), args);
    return JSON.parse(stdout);
  }

  // The number of a card in use.
  async cardNumber() {
    const { stdout } = await run(this.session.binary('tools/seed/seed'), ['--show', '20', '--seed', String(SEED)]);
    return stdout.match(/ NORMAL +([0-9A-Z]{9}) /)[1];
  }

  // The person whose card that is.
  async identityNumber() {
    const { stdout } = await run(this.session.binary('tools/seed/seed'), ['--show', '20', '--seed', String(SEED)]);
    return stdout.match(/^([0-9]{17}[0-9X]) .* NORMAL +[0-9A-Z]{9} /m)[1];
  }

  async token(...flags) {
    const args = ['token', '--dir', this.keys, ...flags];
    return (await run(this.session.binary('tools/devkeys/devkeys'), args)).stdout.trim();
  }

  // A question about one card by its number, as an operator asks it at an outlet; the requests of
  // GetCardStatus and ListAllowedActions have the same first fields.
  async statusLoad(method = 'GetCardStatus') {
    const text = (field, value) => Buffer.concat([Buffer.from([(field << 3) | 2, value.length]), value]);
    const BRANCH = 1;
    const CASE_WORK = 2;
    const options = Buffer.concat([Buffer.from([2 << 3, BRANCH, 3 << 3, CASE_WORK]), text(4, Buffer.from('CASE-1'))]);
    const request = path.join(this.folder, 'status.bin');
    writeFileSync(request, Buffer.concat([text(2, Buffer.from(await this.cardNumber())), text(4, options)]));
    const who = ['--role', 'OPERATOR', '--channels', 'BRANCH', '--operator-id', 'op-1', '--case-ref', 'CASE-1'];
    return {
      method: `/sscard.status.v1.StatusService/${method}`,
      request,
      metadata: { authorization: `Bearer ${await this.token(...who, '--outlet', 'o-1', '--assurance', '3')}` },
    };
  }
}
