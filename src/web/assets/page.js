// The chat's script: what is new comes by itself, and what is sent needs no new page. Without it the forms still work.
"use strict";
(() => {
  const chat = document.querySelector(".chat");
  const log = document.getElementById("log");
  const flash = document.getElementById("flash");
  if (!chat || !log) return;
  const room = chat.dataset.room;
  const say = document.getElementById("say");
  const text = document.getElementById("text");
  const replying = document.getElementById("replying");
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

  const put = (items) => {
    const end = isAtEnd();
    let first = null;
    for (const item of items) {
      const fresh = element(item.html);
      const before = document.getElementById("m" + item.number);
      if (before) { before.replaceWith(fresh); continue; }
      log.append(fresh);
      if (!first && fresh.classList.contains("bot")) first = fresh;
    }
    if (!end) return;
    toEnd();
    // A reply that is longer than the window is read from its beginning.
    if (first && first.offsetHeight > log.clientHeight) log.scrollTop = first.offsetTop - log.offsetTop - 8;
  };

  const post = async (form, submitter) => {
    const fields = new URLSearchParams(new FormData(form));
    if (submitter && submitter.name) fields.set(submitter.name, submitter.value);
    const reply = await fetch(form.getAttribute("action"), { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const told = await reply.json().catch(() => ({ error: "程序没有回应，请稍后再试。" }));
    if (!reply.ok) throw new Error(told.error);
    tell(told.flash);
  };

  const send = async (work) => {
    log.classList.add("waiting");
    try { await work(); } catch (fault) { tell(fault instanceof TypeError ? "连不上程序，请看它是否还在运行。" : fault.message); throw fault; }
    finally { log.classList.remove("waiting"); }
  };

  const fit = () => { text.style.height = "auto"; text.style.height = Math.min(text.scrollHeight + 2, 128) + "px"; };

  const noReply = () => { say.elements.reply.value = ""; replying.hidden = true; };

  say.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    toEnd();
    const sent = send(() => post(say));
    text.value = "";
    noReply();
    fit();
    try { await sent; } catch { if (!text.value) text.value = words; }
  });

  text.addEventListener("input", fit);
  text.addEventListener("keydown", (event) => {
    // While a word is being composed, Enter belongs to the input method.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    say.requestSubmit();
  });

  document.getElementById("press").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    button.disabled = true;
    toEnd();
    try { await send(() => post(event.target, button)); } catch { /* It was told. */ }
    button.disabled = false;
  });

  log.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      try { await navigator.clipboard.writeText(copy.dataset.copy); tell("已复制：" + copy.dataset.copy); }
      catch { tell("浏览器不让复制，请手工选取：" + copy.dataset.copy); }
    }
    const reply = event.target.closest("[data-reply]");
    if (reply) {
      say.elements.reply.value = reply.dataset.reply;
      replying.querySelector("span").textContent = "回复：" + reply.closest("li").querySelector(".text").textContent.slice(0, 30);
      replying.hidden = false;
      text.focus();
    }
  });
  replying.querySelector("button").addEventListener("click", noReply);

  const pause = (time) => new Promise((done) => { setTimeout(done, time); });

  const listen = async () => {
    for (;;) {
      try {
        const reply = await fetch(`/chat/news?room=${room}&after=${version}`, { headers: { Accept: "application/json" } });
        const news = await reply.json();
        if (!reply.ok) { tell(news.error); await pause(3000); continue; }
        if (news.version < version) log.replaceChildren();
        version = news.version;
        put(news.items);
        const clock = document.querySelector(".clock time");
        if (clock && news.clock) clock.textContent = news.clock;
      } catch { await pause(2000); }
    }
  };
  toEnd();
  listen();
})();
