// The real program against telegram-test-api, an emulator of the Bot API that others wrote.
// Usage: node try.mjs PROGRAM. One line a check; the exit code is not nought when one fails.

import TelegramServer from 'telegram-test-api';
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Proxy, post } from './proxy.mjs';

const TOKEN = '1234:emulated';
const NAME = 'TestNameBot';
const START_WITHIN = 90_000;
const REPLY_WITHIN = 15_000;
const STOP_WITHIN = 15_000;
const ALL_WITHIN = 240_000;

const program = path.resolve(process.argv[2] ?? '');
if (!process.argv[2] || !fs.existsSync(program)) {
  console.error('Usage: node try.mjs PROGRAM');
  process.exit(2);
}
// The emulator must reach loopback directly, whatever the environment says of proxies.
process.env.no_proxy = process.env.NO_PROXY = '127.0.0.1';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'planbot-emulator-'));
const emulator = new TelegramServer({ host: '127.0.0.1', port: await freePort(), storeTimeout: 600 });
const proxy = new Proxy(emulator);
let bot;
let log = '';
let failures = 0;
let people = 1000;

process.on('exit', () => {
  bot?.kill('SIGKILL');
  fs.rmSync(directory, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
process.on('unhandledRejection', (error) => giveUp(error.message));
setTimeout(() => giveUp(`not done within ${ALL_WITHIN / 1000} seconds`), ALL_WITHIN).unref();

/// Ends everything at once; the handler of the exit stops the bot.
function giveUp(reason) {
  console.log(`FAIL  ${reason}`);
  process.exit(1);
}

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/// Waits until something is there, and gives it.
async function until(what, seek, within = REPLY_WITHIN) {
  const end = Date.now() + within;
  for (;;) {
    const found = await seek();
    if (found) return found;
    if (Date.now() > end) throw new Error(`no ${what} within ${within / 1000} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function check(name, run) {
  try {
    await run();
    console.log(`ok    ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`FAIL  ${name}: ${error.message}`);
  }
}

/// Starts the bot with settings of its own; it is ready when it fetches updates or has set its webhook.
async function startBot(telegram = '') {
  const settings = `[telegram]\n${telegram}\n[reminders]\nenabled = false\n`;
  fs.writeFileSync(path.join(directory, 'bot.toml'), `${settings}\n[web]\nenabled = false\n`);
  const env = { PATH: process.env.PATH, NO_PROXY: '127.0.0.1', TELOXIDE_TOKEN: TOKEN, TELOXIDE_API_URL: proxy.url };
  const ready = () => proxy.called('getUpdates').length + proxy.called('setWebhook').length;
  const before = ready();
  bot = spawn(program, [], { cwd: directory, env, stdio: ['ignore', 'ignore', 'pipe'] });
  bot.stderr.on('data', (data) => { log += data; });
  await until('bot', () => {
    assert.equal(bot.exitCode, null, `the bot ended: ${log}`);
    return ready() > before;
  }, START_WITHIN);
}

async function stopBot() {
  const ended = new Promise((resolve) => bot.once('exit', (code) => resolve({ code })));
  bot.kill('SIGTERM');
  const late = new Promise((resolve) => { setTimeout(resolve, STOP_WITHIN, { code: 'late' }).unref(); });
  assert.equal((await Promise.race([ended, late])).code, 0, 'the exit code');
}

/// A person in a chat of their own, by the emulator's client; with a group, in that group.
class Person {
  constructor(group) {
    people += 1;
    this.chat = group ?? people;
    const type = group ? 'group' : 'private';
    this.client = emulator.getClient(TOKEN, { userId: people, chatId: this.chat, type, timeout: REPLY_WITHIN });
  }

  /// Says something; gives the number of the message.
  async say(text, more = {}) {
    const message = text.startsWith('/') ? this.client.makeCommand(text, more) : this.client.makeMessage(text, more);
    const number = emulator.messageId;
    await (text.startsWith('/') ? this.client.sendCommand(message) : this.client.sendMessage(message));
    return number;
  }

  /// The next message of the bot in the chat.
  async next() {
    const { result } = await this.client.getUpdates();
    assert.equal(result.length, 1, 'one message of the bot');
    return { ...result[0].message, number: result[0].messageId };
  }

  /// Asks, and gives the reply, which must point at the question.
  async ask(text, more) {
    const number = await this.say(text, more);
    const reply = await this.next();
    // Multipart carries it as text.
    const points = typeof reply.reply_parameters === 'string' ? JSON.parse(reply.reply_parameters) : reply.reply_parameters;
    assert.equal(points?.message_id, number, 'the message that is replied to');
    assert.equal(reply.parse_mode, 'HTML');
    return { ...reply, question: number };
  }

  /// Presses the button with a label that begins so; gives what flashes up.
  async press(message, label) {
    const buttons = message.reply_markup.inline_keyboard.flat();
    const button = buttons.find((button) => button.text.startsWith(label));
    assert.ok(button?.callback_data, `a button “${label}” among ${buttons.map((button) => button.text)}`);
    const answered = proxy.called('answerCallbackQuery').length;
    const press = this.client.makeCallbackQuery(button.callback_data, { message: { message_id: message.number, date: 1 } });
    await this.client.sendCallback(press);
    const call = await until('answer to the press', () => proxy.called('answerCallbackQuery')[answered]);
    return call.parameters.text ?? '';
  }

  /// What the emulator keeps of a message of the bot.
  async kept(number) {
    const history = await this.client.getUpdatesHistory();
    return history.find((update) => update.messageId === number && update.message.chat_id === this.chat)?.message;
  }
}

/// A text holds words.
function holds(text, ...words) {
  for (const word of words) assert.ok(text.includes(word), `“${word}” in: ${text}`);
}

async function checkPrivateChat() {
  await check('private: an indicator, with its source and buttons', async () => {
    const reply = await new Person().ask('2022年GDP增速目标是多少');
    holds(reply.text, '<b>地区生产总值（GDP）增速 2022年预期目标 5%左右</b>', '<i>来源：附件2 第1行');
    const labels = reply.reply_markup.inline_keyboard.flat().map((button) => button.text);
    for (const label of ['对比图', '原文', '为什么这样答', '复制 5%左右', '👍', '👎']) assert.ok(labels.includes(label), `${labels}`);
  });
  await check('private: a follow-up keeps the subject', async () => {
    const person = new Person();
    holds((await person.ask('绿化覆盖率2022年目标')).text, '＞39.4%');
    holds((await person.ask('那2021年呢')).text, '39.4%', '2021年');
  });
  await check('private: a term', async () => {
    holds((await new Person().ask('什么是放管服')).text, '简政放权、放管结合、优化服务', '来源：名词解释');
  });
  await check('private: a refusal', async () => {
    const reply = await new Person().ask('火星人口是多少');
    holds(reply.text, '文件里没有', '火星');
    assert.ok(!reply.text.includes('来源：'), reply.text);
  });
  await check('private: marks in a question come back escaped or not at all', async () => {
    const reply = await new Person().ask('<b>火星</b>&人口');
    assert.ok(!reply.text.includes('<b>火星'), reply.text);
  });
  await check('private: a clarification, and the press on one of its buttons', async () => {
    const person = new Person();
    const reply = await person.ask('增速目标是多少');
    holds(reply.text, '您问的是哪一个指标');
    assert.equal(await person.press(reply, '城镇居民人均可支配收入增速'), '');
    holds((await person.next()).text, '城镇居民人均可支配收入增速', '来源：附件2');
  });
  await check('private: 原文, 为什么这样答 and 👍 under an answer', async () => {
    const person = new Person();
    const reply = await person.ask('什么是放管服');
    await person.press(reply, '原文');
    holds((await person.next()).text, '简政放权', `https://t.me/${NAME}?start=`);
    await person.press(reply, '为什么这样答');
    holds((await person.next()).text, '放管服');
    assert.equal(await person.press(reply, '👍'), '谢谢！');
  });
  await check('private: a page is turned in its place (editMessageText)', async () => {
    const person = new Person();
    const reply = await person.ask('都有哪些指标');
    holds(reply.text, '指标共23项', '地区生产总值');
    assert.ok(!reply.text.includes('绿化覆盖率'), reply.text);
    await person.press(reply, '下一页 2/2');
    const turned = await until('second page', async () => {
      const kept = await person.kept(reply.number);
      return kept.text.includes('绿化覆盖率') && kept;
    });
    holds(JSON.stringify(turned.reply_markup), '上一页 1/2');
  });
  await check('private: a question that is edited changes its answer (the proxy makes the update)', async () => {
    const person = new Person();
    const reply = await person.ask('什么是放管服');
    await person.say('失业率2022年目标', { changes: reply.question });
    const changed = await until('changed answer', async () => {
      const kept = await person.kept(reply.number);
      return kept.text.includes('城镇调查失业率') && kept;
    });
    holds(changed.text, '5%以内');
  });
  await check('private: /start, and the press on its first example', async () => {
    const person = new Person();
    const reply = await person.ask('/start');
    holds(reply.text, '国民经济和社会发展计划', '/help');
    await person.press(reply, reply.reply_markup.inline_keyboard[0][0].text);
    holds((await person.next()).text, '来源：');
  });
  await check('private: /help', async () => {
    const reply = await new Person().ask('/help');
    holds(reply.text, '/ask', '/chart', '/export');
    assert.ok(!reply.text.includes('/reload'), reply.text);
  });
  await check('private: /chart 失业率 sends a PNG (the emulator takes the text below it)', async () => {
    const reply = await new Person().ask('/chart 失业率');
    const { photo } = proxy.called('sendPhoto').at(-1).parameters;
    assert.equal(photo.bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
    assert.equal(reply.file, photo.name);
    holds(reply.text, '城镇调查失业率');
  });
  await check('private: /export sends a workbook (the emulator takes the text below it)', async () => {
    const reply = await new Person().ask('/export');
    const { document } = proxy.called('sendDocument').at(-1).parameters;
    assert.equal(document.bytes.subarray(0, 4).toString('latin1'), 'PK\x03\x04');
    assert.ok(document.name.endsWith('.xlsx'), document.name);
    holds(reply.text, '指标表和名词解释');
  });
}

async function checkGroup() {
  await check('group: silent until it is spoken to; by name, by command, by reply', async () => {
    const person = new Person(-5001);
    await person.say('什么是放管服');
    await person.say('/ask@another_bot 什么是放管服');
    await person.say('/help');
    const reply = await person.ask(`@${NAME} 什么是放管服`);
    holds(reply.text, '简政放权');
    holds((await person.ask(`/ask@${NAME} 失业率2022年目标`)).text, '5%以内');
    const replied = { reply_to_message: { message_id: reply.number, from: { id: 666, is_bot: true, first_name: 'b' } } };
    holds((await person.ask('2022年GDP增速目标是多少', replied)).text, '5%左右');
    const history = await person.client.getUpdatesHistory();
    assert.equal(history.filter((update) => update.message?.chat_id === person.chat).length, 3, 'messages of the bot in the group');
  });
  await check('group: a refusal', async () => {
    holds((await new Person(-5002).ask(`@${NAME} 火星人口是多少`)).text, '文件里没有', '火星');
  });
  await check('group: a clarification, and the press of somebody else on one of its buttons', async () => {
    const reply = await new Person(-5003).ask(`@${NAME} 增速目标是多少`);
    const other = new Person(-5003);
    await other.press(reply, '区级一般公共预算收入增速');
    holds((await other.next()).text, '区级一般公共预算收入增速', '来源：附件2');
  });
  await check('group: /chart 失业率', async () => {
    holds((await new Person(-5004).ask('/chart 失业率')).text, '城镇调查失业率');
  });
}

/// The methods that the bot calls and the emulator does not know: said here, so that nobody takes them for tried.
async function checkWhatIsMissing() {
  for (const method of ['sendPhoto', 'sendDocument', 'setMyCommands', 'answerInlineQuery', 'getChatMember']) {
    await check(`the emulator still does not know ${method}`, async () => {
      const { message } = await post(`${emulator.config.apiURL}/bot${TOKEN}/${method}`, {});
      holds(message ?? 'it does', `API method '${method}' is not supported`);
    });
  }
}

async function checkRestartAndWebhook() {
  const person = new Person();
  let reply;
  await check('the bot stops in order on SIGTERM', async () => {
    reply = await person.ask('增速目标是多少');
    await stopBot();
  });
  await check('webhook: it starts again, and a question is answered', async () => {
    const port = await freePort();
    proxy.hookTo(`http://127.0.0.1:${port}`);
    await startBot(`mode = "webhook"\nwebhook_url = "${proxy.url}"\nwebhook_listen = "127.0.0.1:${port}"`);
    holds((await new Person().ask('什么是放管服')).text, '简政放权');
  });
  await check('webhook: a button of before the restart still works', async () => {
    await person.press(reply, '地区生产总值（GDP）增速');
    holds((await person.next()).text, '5%左右');
  });
  await check('the bot stops in order in webhook mode', stopBot);
}

async function checkWhatWasSent() {
  await check('no text is longer than Telegram takes, and the token is not in the log', () => {
    for (const call of proxy.called('sendMessage')) assert.ok(call.parameters.text.length <= 4096);
    assert.ok(!log.includes(TOKEN));
  });
  await check('no reply was given up, and no answer of the server was not understood', () => {
    const words = ['given up', 'not known', 'not understood', 'could not be sent', 'ended early', 'ERROR'];
    const lines = log.split('\n').filter((line) => words.some((word) => line.includes(word)));
    assert.deepEqual(lines, []);
  });
}

fs.cpSync(path.join(import.meta.dirname, '../../data'), path.join(directory, 'data'), { recursive: true });
await emulator.start();
await proxy.start();
await startBot().catch((error) => giveUp(error.message));
await checkPrivateChat();
await checkGroup();
await checkWhatIsMissing();
await checkRestartAndWebhook();
await checkWhatWasSent();
if (failures > 0) console.log(`The bot's log:\n${log}`);
console.log(failures === 0 ? 'All checks passed.' : `${failures} checks failed.`);
proxy.stop();
await emulator.stop();
process.exit(failures === 0 ? 0 : 1);
