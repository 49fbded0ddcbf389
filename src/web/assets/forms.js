// The forms' script: place and year narrow each other, and what takes long tells how far it is. Without it both still work.
"use strict";
(() => {
  document.documentElement.classList.add("scripted");

  // In the other list what goes with the choice stands first; what was chosen there stays where it can.
  const pairs = { place: "planned", planned: "place" };
  for (const form of document.querySelectorAll("form.filters")) {
    form.addEventListener("change", ({ target }) => {
      const other = form.elements[pairs[target.name]];
      const groups = other ? [...other.querySelectorAll("optgroup")] : [];
      if (groups.length !== 2) return;
      const chosen = other.value;
      const goes = (option) => option.dataset.with.split("|").includes(target.value);
      const far = (option) => Math.abs(option.value - chosen) || 0;
      const options = [...other.options].sort((a, b) => a.dataset.at - b.dataset.at);
      for (const option of options) groups[goes(option) ? 0 : 1].append(option);
      for (const group of groups) group.hidden = !group.children.length;
      const fitting = options.filter(goes);
      if (fitting.length) other.value = (fitting.find((option) => option.value === chosen) || fitting.sort((a, b) => far(a) - far(b))[0]).value;
    });
  }

  const JSON_WANTED = { Accept: "application/json" };
  const pause = (time) => new Promise((done) => { setTimeout(done, time); });

  // Below a form: how far its work is, or why it was not begun. A reader of the screen hears the words, not each second.
  const going = (form) => {
    if (form.nextElementSibling && form.nextElementSibling.matches(".going")) form.nextElementSibling.remove();
    const place = document.createElement("div");
    place.className = "going";
    place.innerHTML = '<p role="status"></p><progress aria-label="进展"></progress> <span aria-hidden="true"></span>';
    form.after(place);
    const [said, bar, time] = place.children, begun = Date.now();
    return {
      tell(words, share) {
        if (said.textContent !== words) said.textContent = words;
        if (share == null) bar.removeAttribute("value"); else bar.value = share;
        const seconds = Math.round((Date.now() - begun) / 1000);
        time.textContent = `${share == null ? "" : Math.floor(share * 100) + "%，"}${seconds} 秒`;
      },
      fail(words) { place.className = "fault"; place.setAttribute("role", "alert"); place.textContent = words; },
    };
  };

  const until = async (reply, work, label) => {
    while (!reply.done) {
      work.tell(`正在${label}……`, reply.share);
      await pause(500);
      try {
        const asked = await fetch(reply.work, { headers: JSON_WANTED });
        const told = await asked.json();
        if (!asked.ok) return work.fail(told.error);
        reply = told;
      } catch { work.tell("连不上程序，正在重试；已经开始的不会白做。", reply.share); }
    }
    location.assign(reply.address);
  };

  for (const form of document.querySelectorAll("form[data-long]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = event.submitter || form.querySelector("[type=submit]"), label = form.dataset.long;
      if (button && button.getAttribute("aria-busy")) return;
      const held = new FormData(form), isFile = form.enctype === "multipart/form-data";
      const work = going(form), request = new XMLHttpRequest();
      const fail = (words) => { work.fail(words); if (button) button.removeAttribute("aria-busy"); };
      if (button) button.setAttribute("aria-busy", "true");
      work.tell(isFile ? "正在上传……" : `正在${label}……`);
      request.open("POST", form.getAttribute("action"));
      request.setRequestHeader("Accept", JSON_WANTED.Accept);
      request.upload.addEventListener("progress", ({ loaded, total }) => { if (isFile && total) work.tell("正在上传……", loaded / total); });
      request.addEventListener("error", () => fail("连不上程序，没有做成；请再试一次。"));
      request.addEventListener("load", () => {
        let reply;
        try { reply = JSON.parse(request.responseText); } catch { reply = {}; }
        if (request.status !== 200) return fail(reply.error || "程序没有回应，请稍后再试。");
        until(reply, work, label);
      });
      request.send(isFile ? held : new URLSearchParams(held));
    });
  }

  // A report may be dropped anywhere on the page that takes one.
  const report = document.querySelector("form[enctype] input[type=file]");
  if (report) {
    const brings = (event) => event.dataTransfer.types.includes("Files");
    addEventListener("dragover", (event) => { if (brings(event)) event.preventDefault(); });
    addEventListener("drop", (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      report.files = event.dataTransfer.files;
      report.form.requestSubmit();
    });
  }
})();
