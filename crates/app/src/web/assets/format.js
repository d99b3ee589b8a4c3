// Texts, days and sizes as the chat shows them. Builds nodes, never markup: nothing here can be
// turned into HTML by what a message says.

const MARKS = { "*": "strong", "_": "em", "~": "s" };
const MARKED = /```([\s\S]+?)```|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\2(?![\p{L}\p{N}])/gu;
const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}[\u{FE0F}\u{200D}\u{1F3FB}-\u{1F3FF}]*\s*){1,3}$/u;

/** Returns a text as nodes, with *bold*, _italic_, ~struck~ and ```code```. */
export function formatted(text) {
  const nodes = document.createDocumentFragment();
  let end = 0;
  for (const found of text.matchAll(MARKED)) {
    nodes.append(text.slice(end, found.index));
    const [whole, code, mark, inside] = found;
    const element = document.createElement(code ? "code" : MARKS[mark]);
    element.append(code ?? formatted(inside));
    nodes.append(element);
    end = found.index + whole.length;
  }
  nodes.append(text.slice(end));
  return nodes;
}

/** Returns whether a text is nothing but a few emoji. */
export const isOnlyEmoji = (text) => ONLY_EMOJI.test(text.trim());

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const fullDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

/** Returns the time of day. */
export const timeOf = (at) => clock.format(at);

/** Returns a key that is the same for all instants of one local day. */
export const dayKey = (at) => `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;

/** Returns a day as people say it. */
export function dayName(at) {
  const midnight = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate());
  const ago = Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  return ago > 1 && ago < 7 ? weekday.format(at) : fullDay.format(at);
}

/** Returns a number of bytes in the unit that suits it. */
export function sizeName(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [value, unit] = bytes < 999_500 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** Returns the short name of a kind of file and the colour class of its badge. */
export function kindOf(name, mediaType) {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  const word = ending || mediaType.split("/")[1]?.replace(/^x-|\W.*$/g, "") || "file";
  const colours = [
    ["pdf", /^pdf$/], ["xml", /^(xml|ubl|cii)$/], ["picture", /^(png|jpe?g|gif|webp|heic|tiff?|bmp)$/],
    ["sheet", /^(csv|xlsx?|ods)$/], ["archive", /^(zip|gz|rar|7z)$/],
  ];
  return { word: word.slice(0, 4).toUpperCase(), colour: colours.find(([, match]) => match.test(word))?.[0] ?? "" };
}
