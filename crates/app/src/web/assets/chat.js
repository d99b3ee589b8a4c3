// The web chat: sends what is typed, dropped, pasted or picked, and follows the conversation.

import { sizeName } from "./format.js";
import { dayLine, note, offerAgain, row, setTicks } from "./view.js";

const byId = (id) => document.getElementById(id);
const [phone, log, lines, typing, status, form, text, file, drop, down, welcome] =
  ["phone", "log", "lines", "typing", "status", "composer", "text", "file", "drop", "down", "welcome"].map(byId);
const maxBytes = Number(phone.dataset.maxFileBytes);

let after = 0; // the last place in the conversation that is shown
let waiting = ""; // the message whose replies are awaited
const unconfirmed = new Map(); // key → row of a message that the server has not shown back yet

// The token must not stay in the address bar or in the history.
if (new URLSearchParams(location.search).has("token")) history.replaceState(null, "", "/");

// ----- what is shown

let stuck = true; // whether the view follows the end
const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
const toEnd = () => { stuck = true; log.scrollTop = log.scrollHeight; };

function show(line, at) {
  const last = lines.lastElementChild;
  if (last?.dataset.day !== line.dataset.day) lines.append(dayLine(at));
  const before = lines.lastElementChild;
  line.classList.toggle("first", before?.dataset.side !== line.dataset.side);
  lines.append(line);
  welcome.hidden = true;
  if (stuck || line.dataset.side === "user") toEnd();
}

function setBusy(busy) {
  typing.hidden = !busy;
  status.textContent = busy ? "typing…" : "online";
  if (stuck) toEnd();
}

function closeChoices() {
  for (const button of lines.querySelectorAll(".choices button:enabled")) button.disabled = true;
}

function markRead() {
  for (const line of lines.querySelectorAll('.row.user[data-ticks="sent"]')) setTicks(line, "read");
}

function receive(item) {
  after = Math.max(after, item.place);
  if (item.side === "user") {
    waiting = item.id;
    closeChoices();
    const known = unconfirmed.get(item.key);
    unconfirmed.delete(item.key);
    if (known) return setTicks(known, "sent");
  }
  const line = row(item, press);
  if (item.side === "user") setTicks(line, "sent");
  show(line, new Date(item.at));
}

// ----- sending

function post(message) {
  const body = new FormData();
  body.append("key", message.key);
  body.append("text", message.text);
  if (message.button) body.append("button", message.button);
  for (const one of message.files) body.append("file", one, one.name);
  return fetch("/chat/messages", { method: "POST", body });
}

async function deliver(message, line) {
  setTicks(line, "sending");
  try {
    const answer = await post(message);
    if (!answer.ok) throw new Error((await answer.json()).detail);
    if (line.dataset.ticks === "sending") setTicks(line, "sent");
  } catch (error) {
    if (line.dataset.ticks !== "sending") return; // shown back meanwhile: it did get through
    setTicks(line, "failed");
    offerAgain(line, () => deliver(message, line));
    if (error.message) line.querySelector(".again").title = error.message;
  }
}

function say(words, files = [], button = "") {
  const message = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, text: words, files, button };
  const notes = files.map((one) => ({ name: one.name, media_type: one.type, size: one.size, url: URL.createObjectURL(one) }));
  const now = new Date();
  const line = row({ at: now.toISOString(), side: "user", text: words, buttons: [], files: notes }, press);
  line.classList.add("fresh");
  unconfirmed.set(message.key, line);
  closeChoices();
  show(line, now);
  deliver(message, line);
}

function press(id, label) {
  say(label, [], id);
  text.focus();
}

function sendFiles(list) {
  const files = [...list];
  for (const large of files.filter((one) => one.size > maxBytes)) {
    lines.append(note(`${large.name} is too large: ${sizeName(large.size)}. At most ${sizeName(maxBytes)} can be sent.`, true));
    toEnd();
  }
  const fitting = files.filter((one) => one.size <= maxBytes);
  // One message for each, as WhatsApp does; what was typed goes with the first.
  fitting.forEach((one, index) => say(index ? "" : takeText(), [one]));
}

function takeText() {
  const words = text.value.trim();
  text.value = "";
  grow();
  return words;
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = takeText();
  if (words) say(words);
  text.focus();
});
text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (sends && !matchMedia("(pointer: coarse)").matches) {
    event.preventDefault();
    form.requestSubmit();
  }
});
byId("attach").addEventListener("click", () => file.click());
file.addEventListener("change", () => { sendFiles(file.files); file.value = ""; });
for (const suggestion of welcome.querySelectorAll("[data-say]")) {
  suggestion.addEventListener("click", () => { say(suggestion.dataset.say); text.focus(); });
}

// ----- drag, drop, paste, scroll

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragenter", (event) => { if (carriesFiles(event)) drop.hidden = false; });
addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.hidden = true; });
addEventListener("drop", (event) => {
  drop.hidden = true;
  if (!carriesFiles(event)) return;
  event.preventDefault();
  sendFiles(event.dataTransfer.files);
});
addEventListener("paste", (event) => {
  if (!event.clipboardData?.files.length) return;
  event.preventDefault();
  sendFiles(event.clipboardData.files);
});
log.addEventListener("scroll", () => { stuck = atEnd(); down.hidden = stuck; }, { passive: true });
down.addEventListener("click", toEnd);
// Pictures that arrive late and the keyboard of a phone change heights.
const heights = new ResizeObserver(() => { if (stuck) toEnd(); });
heights.observe(log);
heights.observe(lines);

// ----- following

async function look(patience) {
  const query = new URLSearchParams({ after, wait: patience });
  if (waiting) query.set("waiting", waiting);
  const asked = waiting;
  const answer = await fetch(`/chat/messages?${query}`, { signal: AbortSignal.timeout(40_000) });
  if (answer.status === 401) throw new Error("locked");
  if (!answer.ok) throw new Error("unwell");
  const news = await answer.json();
  news.items.forEach(receive);
  if (asked && asked === waiting && !news.busy) {
    waiting = "";
    markRead();
  }
  setBusy(Boolean(waiting));
  return news.items.length;
}

async function follow() {
  let pause = 500;
  let first = true;
  for (;;) {
    try {
      const found = await look(first ? 0 : 25);
      if (first && !found) welcome.hidden = Boolean(lines.childElementCount);
      first = first && found >= 200;
      pause = 500;
    } catch (error) {
      typing.hidden = true;
      status.textContent = error.message === "locked" ? "locked: open this page with the token" : "reconnecting…";
      await new Promise((done) => setTimeout(done, pause));
      pause = Math.min(pause * 2, 10_000);
    }
  }
}

follow();
if (!matchMedia("(pointer: coarse)").matches) text.focus();
