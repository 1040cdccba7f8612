// AuthorizeService, warm: what the gate of the electronic card costs beside GetCardStatus of the same
// person. Both read the card's record in one round trip to Redis; ours reads its own row besides.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { CLOSED, compare } from '../lib/compare.mjs';
import { Region } from '../lib/region.mjs';
import { figure } from '../lib/report.mjs';

const run = promisify(execFile);
const BAR = 1.3;

async function startVendor(session) {
  const child = spawn(session.binary('tools/face_simulator/face_simulator'), [], { stdio: ['ignore', 'pipe', 'inherit'] });
  session.running.push(child);
  const [line] = await once(child.stdout, 'data');
  child.stdout.resume();
  return String(line).match(/ready (\d+)/)[1];
}

// sscardctl as the holder, who needs the electronic card service too.
async function asHolder(session, region, ecard, identity, ...words) {
  const context = path.join(region.folder, 'holder.json');
  const services = { card: `127.0.0.1:${region.card.port}`, ecard: `127.0.0.1:${ecard.port}` };
  writeFileSync(context, JSON.stringify({ region: '330000', keys: 'keys', sandbox: false, services }));
  const args = ['--context', context, '-o', 'json', '--as', 'HOLDER', '--id-number', identity, ...words];
  return JSON.parse((await run(session.binary('tools/sscardctl/sscardctl'), args)).stdout);
}

function text(field, value) {
  return Buffer.concat([Buffer.from([(field << 3) | 2, value.length]), value]);
}

export default async function ecardGate(session, options) {
  const region = await new Region(session).start();
  const vendor = await startVendor(session);
  const ecard = await region.service('ecard', [
    `--peer=card=127.0.0.1:${region.card.port}`,
    `--peer=face_match=127.0.0.1:${vendor}`,
    `--code-key=${region.keys}/ecard-code.key`,
    `--password-pepper=${region.keys}/ecard-pepper.key`,
  ]);
  const identity = await region.identityNumber();
  const holder = await asHolder(session, region, ecard, identity, 'holder', 'find', '--identity-number', identity);
  const request = {
    context: { channel: 'CHANNEL_ECARD' },
    host: 'HOST_APP',
    realName: { identityNumber: identity },
    faceCapture: 'match',
    password: 'Bench#77x',
  };
  const id = holder.name.split('/').pop();
  await asHolder(session, region, ecard, identity, 'ecard', 'issue', id, '--json', JSON.stringify(request));
  const status = await region.statusLoad();
  const file = path.join(region.folder, 'authorize.bin');
  const BRANCH = 1;
  const name = Buffer.from(`${holder.name}/ecard`);
  writeFileSync(
    file,
    Buffer.concat([text(1, name), text(2, Buffer.from([2 << 3, BRANCH])), text(3, Buffer.from('medical_payment'))]),
  );
  const authorize = { ...status, method: '/sscard.ecard.v1.ECardService/AuthorizeService', request: file };
  const sides = {
    peer: { server: region.status, others: [region.redis, region.card, ecard], load: status },
    ours: { server: ecard, others: [region.redis, region.card, region.status], load: authorize },
  };
  const closed = await compare(session, sides, CLOSED, options);
  const unit = 'CPU µs/call';
  return [figure({ name: 'ecard_gate', unit, ...closed.cpuUs, bar: BAR, better: 'lower', note: closed.note })];
}
