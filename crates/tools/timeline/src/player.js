"use strict";
// Plays the steps of a run. Each step moves a task from a position to another; a step back takes the moves back.
const { places: PLACES, runs, files: FILES } = JSON.parse(document.getElementById("data").textContent);
const find = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const most = () => innerWidth < 640 ? 6 : 12; // chips in a place
const LONGEST = 40; // letters in a name on a chip
const MOST_PRINTED = 50; // lines of the output
const COLORS = 6; // of tasks, as in page.rs

let run = runs[0], shown = 0, timer = null;
let where = []; // the position of each task

function name(task) {
  const letters = [...run.tasks[task][0] || "(no name)"];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : letters.join("");
}

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}

const color = (task) => `task${task % COLORS}`;

// === What the steps change

// A position: the chips of a task, since which step it is there, and its lines in the code, the innermost first.
const NOWHERE = { chips: [], since: 0, lines: null };
const at = (place, since, note = "") => ({ chips: [[place, note, null]], since });

const CHANGES = {
  spawned: (i) => at("ready", i),
  woken: (i) => at("ready", i),
  yields: (i) => at("ready", i),
  again: (i) => ({ ...at("running", i, "again"), wokenAt: i }),
  stays: (i, before) => at("ready", before.wokenAt),
  runs: (i) => at("running", i),
  picked: (i) => at("running", i),
  unheard: (i) => at("running", i),
  suspended: (i, _, waits) => ({ chips: waits.map((wait) => [run.waits[wait][0], ...run.waits[wait].slice(2)]), since: i }),
  finished: (i) => ({ ...at("done", i), lines: null }),
  cancelled: (i) => ({ ...at("done", i, "cancelled"), lines: null }),
  panicked: (i) => ({ ...at("done", i, "panicked"), lines: null }),
};

// Works out once what each step changes: `moves` are a task, its position before, and after; `lines` are the last ones of
// which it tells, which are its own if `isHere`.
function prepare() {
  const positions = run.tasks.map(() => NOWHERE);
  let lines = null;
  run.used = new Set(["running", "ready", "done", ...run.waits.map(([place]) => place)]);
  run.printed = [];
  run.moves = run.steps.map(([what, task, , more, stands], i) => {
    const moves = [];
    const move = (task, change) => {
      const after = { ...positions[task], ...change };
      moves.push([task, positions[task], after]);
      positions[task] = after;
    };
    const own = stands ? run.lines[stands[1]] : task === null ? null : positions[task].lines;
    lines = own ?? lines;
    if (stands) move(stands[0], { lines });
    // A new task stands where it is spawned.
    if (stands && (what === "spawned" || what === "appears")) move(task, { lines: lines.slice(0, 1) });
    if (what in CHANGES) move(task, CHANGES[what](i, positions[task], more));
    if (what === "printed") run.printed.push(i);
    return Object.assign(moves, { lines, isHere: own !== null });
  });
  run.lastLine = run.steps.findLastIndex(([, , , , stands]) => stands);
  run.arrows = [...rows().querySelectorAll("[data-step]")].map((arrow) => [Number(arrow.dataset.step), arrow]);
}

function moveTo(count) {
  while (shown < count) for (const [task, , after] of run.moves[shown++]) where[task] = after;
  while (shown > count) for (const [task, before] of [...run.moves[--shown]].reverse()) where[task] = before;
}

const rows = () => find(`rows${runs.indexOf(run)}`);
const isIn = (task, place) => where[task].chips.some(([used]) => used === place);

// The chips of each place, by their order if they have one, and else as they came.
function chipsOfPlaces() {
  const places = Object.fromEntries(PLACES.map(([place]) => [place, []]));
  where.forEach(({ chips, since }, task) => {
    for (const [place, note, order] of chips) places[place].push({ task, note, since, order: order ?? Infinity });
  });
  const compare = (one, other) => one.order === other.order ? one.since - other.since : one.order - other.order;
  for (const place in places) if (place !== "done") places[place].sort(compare);
  return places;
}

// === What the steps mean, in words

const QUEUE = "the back of the ready queue";

// By what a task is woken.
function wokenBy(cause) {
  const [kind, of] = cause || [];
  switch (kind) {
    case "task": return ` by ${name(of)}`;
    case "end": return ` by the end of ${name(of)}`;
    case "timer": return " by its timer";
    case "socket": return of === null ? " by one of its sockets" : ` by socket ${of}`;
    case "outside": return " from outside, such as by another thread";
    default: return "";
  }
}

// Who uses the waker of a task.
function userOfWaker(cause, who) {
  const [kind, of] = cause;
  switch (kind) {
    case "itself": return who;
    case "task": return name(of);
    case "end": return `At its end, ${name(of)}`;
    case "timer": return "The timer";
    case "socket": return of === null ? "One of its sockets" : `Socket ${of}`;
    default: return "Something outside, such as another thread,";
  }
}

const waiting = (waits) => waits.map((wait) => run.waits[wait][1]).join(", and ");

// Who holds the waker of a task that waits for this.
function holdersOfWaker(waits, who) {
  const holders = waits.map((wait) => {
    const [place, , , order, of] = run.waits[wait];
    if (place === "sleeping" && order !== null) return ` The heap holds ${who}'s waker.`;
    if (place === "socket") return ` Socket ${of} holds ${who}'s waker.`;
    return place === "joining" && of !== null ? ` Until ${name(of)} ends, it holds ${who}'s waker.` : "";
  });
  return [...new Set(holders)].join("");
}

const areSockets = () => where.some((_, task) => isIn(task, "socket"));

// An end of a message.
const end = (task) => task === null ? "a task" : name(task);

const SENTENCES = {
  appears: ({ who, spawner }) => spawner === null ? `${who} is there.` : `${name(spawner)} spawns ${who}.`,
  spawned: ({ who, spawner }) => spawner === null ? `${who} is spawned, and goes to ${QUEUE}.`
    : `${name(spawner)} spawns ${who}, which goes to ${QUEUE}.`,
  woken: ({ who, more }) => run.hasWakers && more ? `${userOfWaker(more, who)} uses ${who}'s waker: ${who} goes to ${QUEUE}.`
    : more ? `${who} is woken${wokenBy(more)}, and goes to ${QUEUE}.` : `${who} goes to ${QUEUE}.`,
  again: ({ who, more }) => more && more[0] === "itself" ? `${who} wakes itself while it runs: it will have another turn.`
    : `${who} is woken${wokenBy(more)} while it runs: it will have another turn.`,
  runs: ({ who }) => `${who} is at the front of the ready queue, and runs.`,
  picked: ({ who }) => `${who} runs.`,
  unheard: ({ who }) => run.hasWakers ? `Another thread has woken ${who}, and it runs.` : `${who} runs.`,
  yields: ({ who }) => `${who} lets the others run: it goes to ${QUEUE}.`,
  stays: ({ who }) => `${who} is suspended, and has its place in the ready queue already.`,
  suspended: ({ who, more }) => `${who} ${waiting(more)}.` + (run.hasWakers ? holdersOfWaker(more, who) : ""),
  finished: ({ who }) => `${who} is done.`,
  cancelled: ({ who }) => `${who} is cancelled: dropped where it stands.`,
  panicked: ({ who }) => `${who} has panicked.`,
  printed: ({ who, more }) => `${who} prints: ${more}`,
  waited: ({ more }) => run.isVirtual ? `No task is ready: the clock goes to the first deadline, ${more}.`
    : `No task is ready: the scheduler waits ${areSockets() ? "for a timer or a socket, " : ""}until ${more}.`,
  ends: () => run.isCut ? "The recording stops here, to save memory." : running() >= 0 ? `The run ends, and ${name(running())} has not come back from its turn: it has panicked, or still runs.`
    : `The run ends, and leaves ${left()}.`,
  delivered: ({ more }) => `A message from ${end(more[0])} reaches ${end(more[1])}.`,
  doubled: ({ more }) => `A second copy of a message from ${end(more[0])} reaches ${end(more[1])}.`,
  late: ({ more }) => `A message from ${end(more[0])} comes too late for ${end(more[1])}, whose socket is closed.`,
  lost: ({ more }) => `A message from ${end(more[0])} to ${end(more[1])} is lost.`,
};

// The task that runs, or -1.
const running = () => where.findIndex((_, task) => isIn(task, "running"));

// The tasks that have not come to their end.
function left() {
  const tasks = where.flatMap((_, task) => isIn(task, "done") ? [] : [name(task)]);
  const some = tasks.slice(0, 3).join(", ");
  return tasks.length > 3 ? `${some} and ${tasks.length - 3} more tasks` : some;
}

function sentence() {
  if (shown === 0) return "Nothing has happened yet.";
  const [what, task, , more] = run.steps[shown - 1];
  if (task === null) return SENTENCES[what]({ more });
  return SENTENCES[what]({ who: name(task), spawner: run.tasks[task][1], more });
}

// === What is shown

const current = () => shown > 0 ? run.steps[shown - 1][1] : null;

function show(animate) {
  const boxes = animate && !calm.matches ? boxesOfChips() : null;
  showPlaces();
  if (boxes) animateFrom(boxes);
  const [, when] = shown > 0 ? run.times[run.steps[shown - 1][2]] : [0, ""];
  const count = `step ${shown} of ${run.steps.length}`;
  find("caption").replaceChildren(sentence(), element("small", "", `${count}${when ? `, ${when}` : ""}`));
  find("slider").max = run.steps.length;
  find("slider").value = shown;
  find("slider").setAttribute("aria-valuetext", count);
  find("back").disabled = find("first").disabled = shown === 0;
  find("on").disabled = find("last").disabled = shown === run.steps.length;
  showRows();
  showCode();
  showOutput();
}

function showPlaces() {
  const places = chipsOfPlaces();
  find("places").replaceChildren(...PLACES.filter(([place]) => run.used.has(place)).map(([place, title]) => {
    const all = places[place];
    // The task of the step is shown, however many there are.
    const some = all.filter(({ task }, i) => i < most() || task === current());
    const chips = element("div", "chips", ...some.map((each) => chip(place, each)));
    if (all.length > some.length) chips.append(element("span", "none", `and ${all.length - some.length} more`));
    if (all.length === 0) chips.append(element("span", "none", "–"));
    const heading = element("h3", "", all.length > 1 ? `${title}: ${all.length}` : title);
    return element("section", `place ${place}`, heading, chips);
  }));
}

function chip(place, { task, note }) {
  const chip = element("span", `chip ${place} ${color(task)}`, name(task));
  chip.classList.toggle("now", task === current());
  chip.title = run.tasks[task][0];
  chip.dataset.task = task;
  chip.dataset.key = `${place} ${task}`;
  if (note) chip.append(element("small", "", note));
  return chip;
}

const allChips = () => document.querySelectorAll("#places .chip");

function boxesOfChips() {
  const boxes = new Map();
  for (const chip of allChips()) {
    const box = chip.getBoundingClientRect();
    boxes.set(chip.dataset.key, box);
    if (!boxes.has(chip.dataset.task)) boxes.set(chip.dataset.task, box);
  }
  return boxes;
}

// Lets each chip that is new in its place move there from where its task was.
function animateFrom(boxes) {
  for (const chip of allChips()) {
    const from = boxes.get(chip.dataset.key) ?? boxes.get(chip.dataset.task);
    const to = chip.getBoundingClientRect();
    if (!from || (from.x === to.x && from.y === to.y)) continue;
    chip.animate([{ transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)` }, { transform: "none" }],
      { duration: 350, easing: "ease-in-out" });
  }
}

function showRows() {
  rows().querySelector(".cursor").style.left = `${(shown > 0 ? run.times[run.steps[shown - 1][2]][0] : 0) * 100}%`;
  for (const row of rows().querySelectorAll(".row")) row.classList.toggle("now", row.dataset.task === String(current()));
  for (const [step, arrow] of run.arrows) {
    arrow.classList.toggle("now", step === shown - 1);
    arrow.classList.toggle("later", step >= shown);
  }
}

let file = null, marked = []; // the file that is shown, and its lines that look different

// The file of the step, and who stands at which of its lines.
function showCode() {
  find("code").hidden = run.lastLine < 0;
  if (run.lastLine < 0) return;
  const { lines, isHere } = run.moves[shown - 1] ?? {};
  const [of, number] = (lines ?? run.lines[0])[0];
  if (file !== of) openFile(of);
  for (const line of marked) {
    line.className = "";
    line.firstChild.replaceChildren();
  }
  marked = [];
  const isKnown = !run.lacksLines || shown - 1 <= run.lastLine;
  find("lacks").hidden = isKnown;
  if (!isKnown) return;
  for (const [number, tasks] of tasksAtLines()) showMarks(find("lines").children[number - 1], tasks);
  const here = find("lines").children[number - 1];
  if (here && isHere) showHere(here);
}

function openFile(number) {
  file = number;
  marked = [];
  const [title, text] = FILES[number];
  find("file").textContent = title;
  find("lines").replaceChildren(...text.trimEnd().split("\n").map((line) => {
    const isComment = /^\s*\/\//.test(line);
    return element("li", "", element("span", "marks"), element("code", isComment ? "comment" : "", line));
  }));
}

// The tasks at each line of the file; `isInner` where it is the task's own line, and not that of a caller.
function tasksAtLines() {
  const tasks = new Map();
  where.forEach(({ lines, chips }, task) => lines?.forEach(([of, number], i) => {
    if (of !== file) return;
    if (!tasks.has(number)) tasks.set(number, []);
    tasks.get(number).push({ task, place: chips[0]?.[0] ?? "", isInner: i === 0 });
  }));
  return tasks;
}

const room = () => innerWidth < 640 ? 6 : 13; // letters of names beside a line

function showMarks(line, tasks) {
  if (!line) return; // The file has changed since.
  marked.push(line);
  const weight = ({ task, place, isInner }) => 4 * (place === "running") + 2 * (task === current()) + isInner;
  tasks.sort((one, other) => weight(other) - weight(one));
  const isRunning = tasks[0].place === "running";
  line.className = !isRunning ? "" : tasks[0].isInner ? "runs" : "awaits";
  const isRoom = tasks.length > 1 && name(tasks[0].task).length + name(tasks[1].task).length <= room();
  const marks = tasks.slice(0, isRoom ? 2 : 1).map(({ task, place, isInner }) =>
    element("b", `${place} ${color(task)}${isInner ? "" : " caller"}`, name(task)));
  if (tasks.length > marks.length) marks.push(element("small", "", `+${tasks.length - marks.length}`));
  line.firstChild.replaceChildren(...marks);
  line.firstChild.title = tasks.map(({ task }) => name(task)).join(", ");
}

// Marks the line of the step, and scrolls to it, inside its pane only, unless it is well in sight.
function showHere(line) {
  marked.push(line);
  line.classList.add("here");
  const pane = find("lines");
  const top = line.offsetTop;
  const margin = 2 * line.offsetHeight;
  if (top - margin < pane.scrollTop || top + 2 * margin > pane.scrollTop + pane.clientHeight) {
    pane.scrollTop = top - pane.clientHeight / 3;
  }
}

// What is printed so far.
function showOutput() {
  find("output").hidden = run.printed.length === 0;
  const until = run.printed.findLastIndex((step) => step < shown) + 1;
  const some = run.printed.slice(Math.max(0, until - MOST_PRINTED), until);
  const lines = some.map((step) => {
    const [, task, , text] = run.steps[step];
    const line = element("button", step === shown - 1 ? "now" : "", element("b", color(task), name(task)), text);
    line.onclick = () => { pause(); seek(step + 1); };
    return line;
  });
  if (until > some.length) lines.unshift(element("small", "none", `${until - some.length} lines before`));
  if (until === 0) lines.push(element("small", "none", "–"));
  find("printed").replaceChildren(...lines);
  find("printed").scrollTop = find("printed").scrollHeight;
}

// === A question: who runs next?

const asked = new Set();
let answered = 0, right = 0;

// The next turn, if the next step is it, or is the wait before it; else -1.
function nextTurn() {
  const what = run.steps[shown]?.[0];
  if (what === "runs") return shown;
  if (what !== "waited") return -1;
  const next = run.steps.findIndex(([what], i) => i > shown && ["runs", "picked", "unheard"].includes(what));
  return next >= 0 && run.steps[next][0] === "runs" ? next : -1;
}

// Asks, unless the next step shows nothing to ask for; returns whether it does.
function ask() {
  const turn = nextTurn();
  const key = `${runs.indexOf(run)} ${turn}`;
  const isOut = (task) => where[task].chips.length === 0 || isIn(task, "running") || isIn(task, "done");
  const others = [...where.keys()].filter((task) => !isOut(task));
  if (!find("ask").checked || turn < 0 || asked.has(key) || others.length < 2) return false;
  asked.add(key);
  pause();
  const next = run.steps[turn][1];
  const some = others.filter((task, i) => i < most() || task === next);
  const buttons = some.map((task) => {
    const button = element("button", color(task), name(task));
    button.onclick = () => answer(task, next, turn);
    return button;
  });
  find("caption").replaceChildren("Who runs next?", element("span", "answers", ...buttons));
  return true;
}

function answer(task, next, turn) {
  answered += 1;
  right += task === next ? 1 : 0;
  const score = `${right} of ${answered}`;
  find("score").textContent = score;
  const said = task === next ? "Right." : `No: ${reasonAgainst(task)}${reason(next, turn)}`;
  find("caption").replaceChildren(said, element("small", "", `${score} right`));
}

// Why a task does not run next, if it waits.
function reasonAgainst(task) {
  const [what, , , more] = run.steps[where[task].since];
  return what === "suspended" ? `${name(task)} ${waiting(more)}, and ` : "";
}

// Why a task runs next.
function reason(next, turn) {
  const isReady = isIn(next, "ready");
  const since = isReady ? where[next].since
    : run.steps.findLastIndex(([what, task], i) => i < turn && task === next && what === "woken");
  const [what, , , more] = run.steps[since] ?? [];
  const by = what === "woken" || what === "again" ? wokenBy(more) : "";
  if (!isReady) return `${name(next)} is the first to be woken,${by}.`;
  if (where.filter((_, task) => isIn(task, "ready")).length === 1) return `${name(next)} is alone in the ready queue.`;
  const why = what === "spawned" ? "it was spawned first" : by ? `it was woken first,${by}` : "it has been there longest";
  return `${name(next)} is at the front of the ready queue: ${why}.`;
}

// === How it is moved

function seek(count) {
  const to = Math.max(0, Math.min(run.steps.length, count));
  // One step is a move; a leap is not.
  const isStep = Math.abs(to - shown) === 1;
  moveTo(to);
  show(isStep);
  remember();
}

// Puts what is shown into the address. Browsers refuse when that is done often: then it is a little behind.
function remember() {
  try {
    history.replaceState(null, "", `#run=${runs.indexOf(run) + 1}&event=${shown}`);
  } catch {}
}

function choose(number) {
  if (number < 0 || number >= runs.length) return;
  pause();
  run = runs[number];
  shown = 0;
  if (!run.moves) prepare();
  where = run.tasks.map(() => NOWHERE);
  for (const [i, button] of [...find("runs").children].entries()) button.setAttribute("aria-current", i === number);
  runs.forEach((_, i) => { find(`rows${i}`).hidden = i !== number; });
  show(false);
}

function pause() {
  clearTimeout(timer);
  timer = null;
  find("play").textContent = "Play";
  find("play").setAttribute("aria-label", "Play");
}

function play() {
  if (shown === run.steps.length) seek(0);
  find("play").textContent = "Pause";
  find("play").setAttribute("aria-label", "Pause");
  const next = () => {
    if (ask()) return;
    seek(shown + 1);
    if (shown === run.steps.length) return pause();
    timer = setTimeout(next, 900 * find("speed").value);
  };
  timer = setTimeout(next, 200);
}

const toggle = () => timer === null ? play() : pause();
const back = () => { pause(); seek(shown - 1); };
const on = () => { pause(); if (!ask()) seek(shown + 1); };
const leap = (count) => { pause(); seek(count); };

find("first").onclick = () => leap(0);
find("back").onclick = back;
find("play").onclick = toggle;
find("on").onclick = on;
find("last").onclick = () => leap(run.steps.length);
find("slider").oninput = (event) => leap(Number(event.target.value));
find("ask").onchange = () => {
  asked.clear();
  answered = right = 0;
  find("score").textContent = "";
};

document.addEventListener("keydown", (event) => {
  if (runs.length === 0) return;
  const isField = event.target.matches("input, select");
  if (event.ctrlKey || event.metaKey || event.altKey || (isField && event.key !== " " && event.key !== "p")) return;
  find("caption").querySelectorAll("button")[event.key - 1]?.click();
  const number = runs.indexOf(run);
  const act = {
    " ": () => { if (!event.target.matches("button, select, #ask")) toggle(); else return false; },
    ArrowRight: on,
    ArrowLeft: back,
    Home: () => leap(0),
    End: () => leap(run.steps.length),
    "[": () => { choose(number - 1); remember(); },
    "]": () => { choose(number + 1); remember(); },
    p: () => find("ask").click(),
  }[event.key];
  if (act && act() !== false) event.preventDefault();
});

runs.forEach(({ title }, i) => {
  const button = element("button", "", title || `run ${i + 1}`);
  button.onclick = () => { choose(i); remember(); };
  find("runs").append(button);
  // A click on the rows goes to the last step up to there.
  find(`rows${i}`).querySelector(".chart").onclick = (event) => {
    const box = find(`rows${i}`).querySelector(".over").getBoundingClientRect();
    const at = (event.clientX - box.left) / box.width + 1e-3;
    leap(runs[i].steps.filter(([, , time]) => runs[i].times[time][0] <= at).length);
  };
});
find("runs").hidden = runs.length < 2;

function goToFragment() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  choose(Math.max(0, Math.min(runs.length, Math.trunc(wanted.get("run")) || 1) - 1));
  moveTo(Math.max(0, Math.min(run.steps.length, Math.trunc(wanted.get("event")) || 0)));
  show(false);
}
if (runs.length > 0) {
  document.body.classList.add("playing");
  find("player").hidden = find("keys").hidden = false;
  addEventListener("hashchange", goToFragment);
  goToFragment();
}
