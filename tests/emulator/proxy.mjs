// Stands between the bot and the emulator: translates what the two say differently, and keeps every call for the checks.

import http from 'node:http';

const POLL_STEP = 50;

/// Where the bot meets the emulator. Updates pass through too when they come by webhook.
export class Proxy {
  /// Every call of the bot: { method, parameters, answer }.
  calls = [];
  #emulator;
  #server;
  #hook;

  constructor(emulator) {
    this.#emulator = emulator;
    this.#server = http.createServer((request, response) => {
      this.#serve(request, response).catch((error) => {
        response.writeHead(502, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ok: false, error_code: 502, description: `Bad Gateway: ${error.message}` }));
      });
    });
  }

  async start() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /// Where the bot listens for updates by webhook.
  hookTo(url) {
    this.#hook = url;
  }

  called(method) {
    return this.calls.filter((call) => call.method === method);
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (request.url.startsWith('/telegram')) {
      response.writeHead(await this.#deliver(body));
      response.end();
      return;
    }
    const [, token, name] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url);
    // The bot writes SendMessage, the documentation sendMessage.
    const method = name[0].toLowerCase() + name.slice(1);
    const call = { method, parameters: await parameters(request.headers['content-type'], body) };
    this.calls.push(call);
    const gone = () => response.destroyed;
    call.answer = await this.#answer(token, method, call.parameters, gone);
    response.writeHead(call.answer.error_code ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(call.answer));
  }

  /// The emulator's answer in the form that the Bot API documents.
  async #answer(token, method, parameters, gone) {
    const ask = (method, parameters) => post(`${this.#emulator.config.apiURL}/bot${token}/${method}`, parameters);
    switch (method) {
      case 'getUpdates': {
        // The emulator answers at once; Telegram waits until there is something.
        const until = Date.now() + parameters.timeout * 1000;
        let answer = await ask(method, parameters);
        while (answer.result.length === 0 && Date.now() < until && !gone()) {
          await new Promise((resolve) => setTimeout(resolve, POLL_STEP));
          answer = await ask(method, parameters);
        }
        return { ...answer, result: answer.result.map(edited) };
      }
      case 'getMe': {
        // The emulator leaves out fields that every bot has.
        const answer = await ask(method, parameters);
        const always = { is_bot: true, can_join_groups: true, can_read_all_group_messages: true };
        return { ...answer, result: { ...always, supports_inline_queries: true, has_main_web_app: false, ...answer.result } };
      }
      case 'getWebhookInfo': {
        // The emulator does not know it.
        const url = this.called('setWebhook').at(-1)?.parameters.url ?? '';
        return { ok: true, result: { url, has_custom_certificate: false, pending_update_count: 0 } };
      }
      case 'sendMessage':
        return asSent(parameters, await ask(method, parameters));
      case 'sendPhoto':
      case 'sendDocument': {
        // The emulator knows no files: the text below one goes to the chat, the file stays in the list of calls.
        const { photo, document, ...rest } = parameters;
        const answer = await ask('sendMessage', { ...rest, text: rest.caption, file: (photo ?? document).name });
        return asSent(parameters, answer);
      }
      case 'editMessageText': {
        // The emulator changes the message and answers null; Telegram answers with the message.
        const answer = await ask(method, parameters);
        const { chat_id: chat, message_id, text, reply_markup } = parameters;
        return { ...answer, result: { message_id, date: 1, edit_date: 2, chat: chatOf(chat), text, reply_markup } };
      }
      case 'setWebhook':
      case 'answerCallbackQuery':
        // The emulator answers null, Telegram true.
        return { ...(await ask(method, parameters)), result: true };
      default: {
        const answer = await ask(method, parameters);
        // The emulator answers 500 for a method that it does not know, Telegram 404.
        return answer.ok === undefined ? { ok: false, error_code: 404, description: 'Not Found' } : answer;
      }
    }
  }

  /// Hands an update by webhook on with the secret that the bot asked for: the emulator does not send it.
  async #deliver(body) {
    const secret = this.called('setWebhook').at(-1).parameters.secret_token;
    const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret };
    return (await fetch(`${this.#hook}/telegram`, { method: 'POST', headers, body })).status;
  }
}

/// A message that is marked as a change of an earlier one becomes an edited message: the emulator has no such update.
function edited(update) {
  const { changes, ...message } = update.message ?? {};
  if (changes === undefined) return update;
  return { update_id: update.update_id, edited_message: { ...message, message_id: changes, edit_date: message.date } };
}

/// A sent message in its own chat and in seconds: the emulator says that every chat is private, and counts milliseconds.
function asSent(parameters, answer) {
  const { message_id, date, text, reply_markup } = answer.result;
  const result = { message_id, date: Math.floor(date / 1000), chat: chatOf(Number(parameters.chat_id)), text, reply_markup };
  return { ...answer, result };
}

function chatOf(id) {
  return id < 0 ? { id, type: 'group', title: 'group' } : { id, type: 'private', first_name: 'person' };
}

/// What a call carries, JSON or multipart; files as { name, bytes }.
async function parameters(type = '', body) {
  if (!type.startsWith('multipart/')) return body.length === 0 ? {} : JSON.parse(body);
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const fields = {};
  for (const [name, value] of form) {
    fields[name] = typeof value === 'string' ? value : { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  // The file stands in a part of its own, which the field points at.
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string' || !value.startsWith('attach://')) continue;
    const part = value.slice('attach://'.length);
    fields[name] = fields[part];
    delete fields[part];
  }
  return fields;
}

/// Posts JSON, gives the JSON answer.
export async function post(url, parameters) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(parameters) });
  return response.json();
}
