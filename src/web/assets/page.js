// The chat's script: what is new comes by itself, what is sent needs no new page, and over a bad line nothing is lost. Without
// it the forms still work.
"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  const chat = document.querySelector(".chat");
  const log = document.getElementById("log");
  const flash = document.getElementById("flash");
  if (!chat || !log) return;
  const room = chat.dataset.room;
  const say = document.getElementById("say");
  const text = document.getElementById("text");
  const replying = document.getElementById("replying");
  const line = document.getElementById("line");
  let version = Number(log.dataset.version) || 0;
  let shown = 0;

  const tell = (words) => {
    if (!words) return;
    flash.textContent = words;
    flash.hidden = false;
    clearTimeout(shown);
    shown = setTimeout(() => { flash.hidden = true; }, 4000);
  };

  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  const toEnd = () => { log.scrollTop = log.scrollHeight; };

  // The messages are made and escaped by the program; nothing that a person wrote is taken as a mark.
  const element = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  };

  // A message that changes keeps what was open in it, and the focus where it was.
  const exchange = (before, fresh) => {
    const held = (all) => [...all.querySelectorAll("button, summary, a")];
    const at = held(before).indexOf(document.activeElement);
    before.querySelectorAll("details").forEach((fold, n) => { const same = fresh.querySelectorAll("details")[n]; if (same) same.open = fold.open; });
    before.replaceWith(fresh);
    if (at >= 0) (held(fresh)[at] || held(fresh).at(-1) || log).focus({ preventScroll: true });
  };

  // Replies may pass each other on the way: what is older than what is shown is not shown again.
  const versions = new Map();
  const put = (news) => {
    version = Math.max(version, news.version);
    const end = isAtEnd();
    let first = null;
    for (const item of news.items) {
      if (versions.get(item.number) >= item.version) continue;
      versions.set(item.number, item.version);
      const fresh = element(item.html);
      const before = document.getElementById("m" + item.number);
      if (before) { if (before.outerHTML !== fresh.outerHTML) exchange(before, fresh); continue; }
      log.append(fresh);
      if (!first && fresh.classList.contains("bot")) first = fresh;
      // A picture comes later than its message: it is scrolled to when it is there.
      for (const img of fresh.querySelectorAll("img")) img.addEventListener("load", () => { if (end) fresh.scrollIntoView({ block: "end" }); });
    }
    for (const waiting of log.querySelectorAll(".unsent")) log.append(waiting);
    const clock = document.querySelector(".clock time");
    if (clock && news.clock) clock.textContent = news.clock;
    if (!end) return;
    toEnd();
    // A reply that is longer than the window is read from its beginning.
    if (first && first.offsetHeight > log.clientHeight) log.scrollTop = first.offsetTop - log.offsetTop - 8;
  };

  const pause = (time) => new Promise((done) => { setTimeout(done, time); });

  // What takes longer than a glance says that it is being done.
  const working = async (work) => {
    const late = setTimeout(() => { log.classList.add("waiting"); if (isAtEnd()) toEnd(); }, 300);
    try { return await work(); } finally { clearTimeout(late); log.classList.remove("waiting"); }
  };

  const post = async (address, fields) => {
    fields.set("after", version);
    const reply = await fetch(address, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const told = await reply.json().catch(() => ({ error: "程序没有回应，请稍后再试。" }));
    if (!reply.ok) throw new Error(told.error);
    put(told);
    tell(told.flash);
  };

  // What a person wrote stays in the browser until the program has it: the field, and what waits for the line.
  const draft = "planbot draft " + room;
  const outbox = "planbot unsent " + room;
  const kept = (key) => { try { return sessionStorage.getItem(key) || ""; } catch { return ""; } };
  const keep = (key, words) => { try { words ? sessionStorage.setItem(key, words) : sessionStorage.removeItem(key); } catch { /* It is not kept. */ } };
  const unsent = (() => { try { return JSON.parse(kept(outbox) || "[]"); } catch { return []; } })();
  const keepUnsent = () => keep(outbox, unsent.length ? JSON.stringify(unsent) : "");

  const show = (message) => {
    const item = element('<article class="item mine unsent"><div class="by"><span class="name">我</span> <span class="state"></span></div><div class="text"></div></article>');
    item.querySelector(".text").textContent = message.text;
    item.querySelector(".state").textContent = "发送中";
    log.append(item);
    toEnd();
    return item;
  };

  let sending = false;
  const deliver = async () => {
    if (sending) return;
    sending = true;
    while (unsent.length) {
      const [message] = unsent;
      const item = message.item || (message.item = show(message));
      const done = () => { item.remove(); unsent.shift(); keepUnsent(); };
      const fields = new URLSearchParams(new FormData(say));
      for (const name of ["text", "reply", "once"]) fields.set(name, message[name]);
      try {
        await working(() => post(say.getAttribute("action"), fields));
        done();
        line.hidden = true;
      } catch (fault) {
        if (fault instanceof TypeError) { line.hidden = false; item.querySelector(".state").textContent = "未发出，等线路恢复"; await pause(2000); continue; }
        // The program refused it: it goes back to where it can be changed.
        done();
        text.value = text.value ? message.text + "\n" + text.value : message.text;
        keep(draft, text.value);
        fit();
        tell(fault.message);
      }
    }
    sending = false;
  };
  Object.defineProperty(unsent, "toJSON", { value: () => unsent.map(({ text, reply, once }) => ({ text, reply, once })) });

  const fit = () => { text.style.height = "auto"; text.style.height = Math.min(text.scrollHeight + 2, 128) + "px"; };
  const noReply = () => { say.elements.reply.value = ""; replying.hidden = true; };
  const word = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  say.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    unsent.push({ text: words, reply: say.elements.reply.value, once: word() });
    keepUnsent();
    text.value = "";
    keep(draft, "");
    noReply();
    fit();
    for (const message of unsent) if (!message.item) message.item = show(message);
    deliver();
  });

  text.addEventListener("input", () => { keep(draft, text.value); fit(); });
  text.addEventListener("keydown", (event) => {
    // While a word is being composed, Enter belongs to the input method.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    say.requestSubmit();
  });

  document.getElementById("press").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    // Not disabled: that would take the focus away from whoever goes by keyboard.
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    const fields = new URLSearchParams(new FormData(event.target));
    fields.set(button.name, button.value);
    toEnd();
    try { await working(() => post(event.target.getAttribute("action"), fields)); }
    catch (fault) { tell(fault instanceof TypeError ? "连不上程序，没有按成；请稍后再按。" : fault.message); }
    button.removeAttribute("aria-busy");
  });

  const copy = async (words, said) => {
    try { await navigator.clipboard.writeText(words); }
    catch {
      // A page without a certificate has no clipboard of the new kind.
      const held = document.activeElement, field = document.createElement("textarea");
      field.value = words;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      held.focus();
      if (!done) { tell("浏览器不让复制，请手工选取：" + said); return; }
    }
    tell("已复制：" + said);
  };

  log.addEventListener("click", (event) => {
    const copies = event.target.closest(".copy");
    if (copies && copies.dataset.copy) copy(copies.dataset.copy, copies.dataset.copy);
    else if (copies) copy(copies.closest(".item").querySelector(".text").innerText.trim(), "回答和出处");
    const reply = event.target.closest("[data-reply]");
    if (reply) {
      say.elements.reply.value = reply.dataset.reply;
      replying.querySelector("span").textContent = "回复：" + reply.closest(".item").querySelector(".text").textContent.slice(0, 30);
      replying.hidden = false;
      text.focus();
    }
  });
  replying.querySelector("button").addEventListener("click", noReply);

  const listen = async () => {
    for (;;) {
      try {
        const asked = version;
        const reply = await fetch(`/chat/news?room=${encodeURIComponent(room)}&after=${asked}`, { headers: { Accept: "application/json" } });
        const news = await reply.json();
        if (!reply.ok) { tell(news.error); await pause(3000); continue; }
        line.hidden = true;
        // A program that was begun again counts from the beginning.
        if (news.version < asked) { log.replaceChildren(...log.querySelectorAll(".unsent")); versions.clear(); version = 0; }
        put(news);
      } catch { line.hidden = false; await pause(2000); }
    }
  };
  if (!text.value) text.value = kept(draft);
  fit();
  if (!location.hash) toEnd();
  listen();
  deliver();
})();
