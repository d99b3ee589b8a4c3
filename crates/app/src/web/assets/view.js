// Bubbles, days and buttons as elements.

import { dayKey, dayName, formatted, isOnlyEmoji, kindOf, sizeName, timeOf } from "./format.js";

const TICKS = {
  sending: ["clock", "Sending"], sent: ["tick", "Sent"], read: ["ticks", "Read"], failed: ["failed", "Not sent"],
};
const SHOWN = /^image\/(png|jpeg|gif|webp)$/;

/** Returns an element with a class and children. */
export function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}

/** Returns one of our icons. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/assets/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Returns the line between two days. */
export function dayLine(at) {
  const line = make("div", "day", make("span", "", dayName(at)));
  line.dataset.day = dayKey(at);
  return line;
}

/** Returns a note from the page itself. */
export function note(text, bad = false) {
  return make("p", bad ? "notice bad" : "notice", text);
}

function attached(file) {
  const { word, colour } = kindOf(file.name, file.media_type);
  const about = file.size == null ? word : `${word} · ${sizeName(file.size)}`;
  const label = make("div", "", make("strong", "", file.name || "File"), make("small", "", about));
  const link = make("a", "attached", make("span", `badge ${colour}`, word), label, icon("save"));
  link.href = file.url;
  link.download = file.name;
  link.setAttribute("aria-label", `Download ${file.name || "file"}, ${about}`);
  return link;
}

function picture(file) {
  const image = make("img");
  image.src = file.url;
  image.alt = file.name || "Picture";
  const link = make("a", "picture-link", image);
  link.href = file.url;
  link.download = file.name;
  // What claims to be a picture and is none becomes a file.
  image.addEventListener("error", () => {
    link.closest(".bubble")?.classList.remove("over");
    link.replaceWith(attached(file));
  });
  return link;
}

function choices(buttons, press) {
  const short = buttons.every((button) => button.label.length < 12);
  const box = make("div", short ? "choices short" : "choices");
  for (const { id, label } of buttons) {
    const button = make("button", "", icon("reply"), label);
    button.type = "button";
    button.addEventListener("click", () => press(id, label));
    box.append(button);
  }
  return box;
}

/** Returns the row of one message. `press` is called with a button's id and label. */
export function row(item, press) {
  const at = new Date(item.at);
  const bubble = make("div", "bubble tail");
  for (const file of item.files) bubble.append(SHOWN.test(file.media_type) ? picture(file) : attached(file));
  if (item.text) {
    const plain = !item.files.length && isOnlyEmoji(item.text);
    bubble.append(make("span", plain ? "words big" : "words", formatted(item.text)));
  }
  // A picture alone carries its time on itself.
  bubble.classList.toggle("over", !item.text && bubble.lastElementChild?.className === "picture-link");
  const time = make("time", "", timeOf(at));
  time.dateTime = item.at;
  bubble.append(make("span", "meta", time));
  const line = make("div", `row ${item.side}`, bubble);
  if (item.buttons.length) line.append(choices(item.buttons, press));
  line.dataset.day = dayKey(at);
  line.dataset.side = item.side;
  return line;
}

/** Shows how far a message of the user has got. */
export function setTicks(line, state) {
  const meta = line.querySelector(".meta");
  const [name, words] = TICKS[state];
  meta.classList.toggle("read", state === "read");
  meta.classList.toggle("failed", state === "failed");
  meta.querySelector("svg")?.remove();
  const mark = icon(name);
  mark.removeAttribute("aria-hidden");
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", words);
  meta.append(mark);
  line.dataset.ticks = state;
}

/** Offers to send a message that did not get through again. */
export function offerAgain(line, retry) {
  const button = make("button", "again", "Not sent. Try again");
  button.type = "button";
  button.addEventListener("click", () => { button.remove(); retry(); });
  line.append(button);
}
