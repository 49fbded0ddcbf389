// The real program over a copy of the shipped data, on a port of its own, in a directory that goes with it.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const START_WITHIN = 90_000;
export const TOKEN = 'a-token-for-the-tests-of-access';

/// Starts a demonstration, whose clock can be moved; gives its address and how to end it.
export async function start(program) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'planbot-access-'));
  fs.cpSync(path.resolve(import.meta.dirname, '../../data'), path.join(directory, 'data'), { recursive: true });
  fs.writeFileSync(path.join(directory, 'bot.toml'), '[web]\nlisten = "127.0.0.1:0"\n');
  const env = { ...process.env, PLANBOT_ADMIN_TOKEN: TOKEN };
  delete env.TELOXIDE_TOKEN;
  const child = spawn(program, ['run', '--demo'], { cwd: directory, env, stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => {
    child.kill('SIGKILL');
    fs.rmSync(directory, { recursive: true, force: true });
  });
  const address = await new Promise((found, failed) => {
    let said = '';
    setTimeout(() => failed(new Error(`no page within ${START_WITHIN / 1000} seconds: ${said}`)), START_WITHIN).unref();
    child.stdout.on('data', (bytes) => {
      said += bytes;
      const line = said.match(/网页：(http\S+?)\/?\s/);
      if (line) found(line[1]);
    });
    child.on('exit', () => failed(new Error(`the program ended: ${said}`)));
  });
  return address;
}
