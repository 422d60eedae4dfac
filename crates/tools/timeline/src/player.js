"use strict";
// Plays the events of a run: what stands in which place is computed anew, from the first event, for each that is shown.
const { places: PLACES, runs } = JSON.parse(document.getElementById("data").textContent);
const find = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const most = () => innerWidth < 640 ? 8 : 24; // chips in a place
const LONGEST = 40; // letters in a name on a chip
let run = 0, shown = 0, timer = null;

const WAITING = PLACES.map(([place]) => place).filter((place) => !["running", "ready", "done"].includes(place));

function name(task) {
  const letters = [...runs[run].tasks[task][0] || "(no name)"];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : letters.join("");
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

// Who is where after so many events: for each place the tasks in order, and what the chips of each say.
function stateAfter(count) {
  const places = Object.fromEntries(PLACES.map(([place]) => [place, new Map()]));
  const leave = (task, ...from) => from.forEach((place) => places[place].delete(task));
  const enter = (task, place, note = "", order = null) => {
    if (!places[place].has(task)) places[place].set(task, []);
    places[place].get(task).push({ task, note, order: order ?? Infinity });
  };
  for (const [task, what, , , reasons] of runs[run].events.slice(0, count)) {
    switch (what) {
      case "spawned":
      case "delivered":
      case "doubled":
      case "late":
      case "lost":
        break;
      case "ready":
        leave(task, ...WAITING);
        enter(task, "ready");
        break;
      case "runs":
        leave(task, "ready");
        enter(task, "running");
        break;
      case "yields":
        leave(task, "running");
        break;
      case "suspended":
        leave(task, "running");
        for (const [place, , note, order] of reasons) enter(task, place, note, order);
        break;
      default:
        leave(task, "running", "ready", ...WAITING);
        enter(task, "done", what === "finished" ? "" : what);
    }
  }
  return places;
}

// The chips of a place, by their order if they have one, and else as they came.
function chipsOf(places, place) {
  return [...places[place].values()].flat().sort((one, other) => one.order === other.order ? 0 : one.order - other.order);
}

function caption(count) {
  const { events, tasks } = runs[run];
  if (count === 0) return ["Nothing has happened yet.", ""];
  const [task, what, , when, reasons, ends] = events[count - 1];
  const [from, to] = (ends ?? []).map((end) => end === null ? "somebody" : name(end));
  const who = name(task);
  const before = stateAfter(count - 1);
  const was = (place) => before[place].has(task);
  const sentence = {
    spawned: () => tasks[task][1] === null ? `${who} is there.` : `${name(tasks[task][1])} spawns ${who}.`,
    ready: () => was("running") ? `${who} is to have another turn: it goes to the back of the ready queue.`
      : WAITING.some(was) ? `${who} is woken, and goes to the back of the ready queue.`
      : `${who} goes to the back of the ready queue.`,
    runs: () => `${who} is at the front of the ready queue, and runs.`,
    yields: () => `${who} is suspended, and is in the ready queue already.`,
    suspended: () => `${who} ${reasons.map(([, words]) => words).join(", and ")}.`,
    finished: () => `${who} is done.`,
    cancelled: () => `${who} is cancelled: dropped where it stands.`,
    panicked: () => `${who} has panicked.`,
    delivered: () => `A message from ${from} reaches ${to}.`,
    doubled: () => `A second copy of a message from ${from} reaches ${to}.`,
    late: () => `A message from ${from} comes too late for ${to}, whose socket is closed.`,
    lost: () => `A message from ${from} to ${to} is lost.`,
  }[what]();
  return [sentence, when];
}

// Shows the state, and lets each chip that is new in its place move there from where the task was before.
function show(animate) {
  const { events } = runs[run];
  const old = new Map();
  for (const chip of document.querySelectorAll(".chip[data-task]")) {
    const box = chip.getBoundingClientRect();
    old.set(chip.dataset.key, box);
    if (!old.has(chip.dataset.task)) old.set(chip.dataset.task, box);
  }
  const current = shown > 0 ? events[shown - 1][0] : null;
  const places = stateAfter(shown);
  find("places").replaceChildren(...PLACES.filter(([place]) => isUsed(place)).map(([place, title]) => {
    const panel = element("section", `place ${place}`, "");
    const all = chipsOf(places, place);
    panel.append(element("h3", "", all.length > 1 ? `${title}: ${all.length}` : title));
    const chips = element("div", "chips", "");
    // Who is concerned is shown, however many there are.
    const some = all.filter((chip, i) => i < most() || chip.task === current);
    for (const { task, note } of some) {
      const chip = element("span", `chip ${place}${task === current ? " now" : ""}`, name(task));
      chip.title = runs[run].tasks[task][0];
      chip.dataset.task = task;
      chip.dataset.key = `${place} ${task}`;
      if (note) chip.append(element("small", "", note));
      chips.append(chip);
    }
    if (all.length > some.length) chips.append(element("span", "none", `and ${all.length - some.length} more`));
    if (all.length === 0) chips.append(element("span", "none", "–"));
    panel.append(chips);
    return panel;
  }));
  if (animate && !calm.matches) {
    for (const chip of document.querySelectorAll(".chip[data-task]")) {
      const from = old.get(chip.dataset.key) ?? old.get(chip.dataset.task);
      const to = chip.getBoundingClientRect();
      if (!from || (from.x === to.x && from.y === to.y)) continue;
      chip.animate([{ transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)` }, { transform: "none" }],
        { duration: 350, easing: "ease-in-out" });
    }
  }
  const [sentence, when] = caption(shown);
  find("caption").replaceChildren(sentence, element("small", "", `event ${shown} of ${events.length}${when ? `, ${when}` : ""}`));
  find("slider").max = events.length;
  find("slider").value = shown;
  find("slider").setAttribute("aria-valuetext", `event ${shown} of ${events.length}`);
  find("back").disabled = find("first").disabled = shown === 0;
  find("on").disabled = find("last").disabled = shown === events.length;
  const rows = find(`rows${run}`);
  rows.querySelector(".cursor").style.left = `${(shown > 0 ? events[shown - 1][2] : 0) * 100}%`;
  for (const arrow of rows.querySelectorAll("[data-event]")) {
    const event = Number(arrow.dataset.event);
    arrow.classList.toggle("now", event === shown - 1);
    arrow.classList.toggle("later", event >= shown);
  }
  for (const row of rows.querySelectorAll(".row")) {
    row.classList.toggle("now", current !== null && row.dataset.task === String(current));
  }
}

// A place that no task of the run ever comes to is left out.
function isUsed(place) {
  const all = runs[run];
  all.used ??= new Set(["running", "ready", "done", ...all.events.flatMap(([, , , , reasons]) => reasons.map(([used]) => used))]);
  return all.used.has(place);
}

function seek(count, animate = false) {
  const to = Math.max(0, Math.min(runs[run].events.length, count));
  // One step is a move; a leap is not.
  const isStep = Math.abs(to - shown) === 1;
  shown = to;
  show(animate || isStep);
  remember();
}

// Puts what is shown into the address. Browsers refuse when that is done often: then it is a little behind.
function remember() {
  try {
    history.replaceState(null, "", `#run=${run + 1}&event=${shown}`);
  } catch {}
}

function choose(number) {
  if (number < 0 || number >= runs.length) return;
  pause();
  run = number;
  shown = 0;
  for (const [i, button] of [...find("runs").children].entries()) button.setAttribute("aria-current", i === run);
  runs.forEach((_, i) => { find(`rows${i}`).hidden = i !== run; });
  show(false);
}

function pause() {
  clearTimeout(timer);
  timer = null;
  find("play").textContent = "Play";
  find("play").setAttribute("aria-label", "Play");
}

function play() {
  if (shown === runs[run].events.length) seek(0);
  find("play").textContent = "Pause";
  find("play").setAttribute("aria-label", "Pause");
  const next = () => {
    seek(shown + 1);
    if (shown === runs[run].events.length) return pause();
    timer = setTimeout(next, 900 * find("speed").value);
  };
  timer = setTimeout(next, 200);
}

const toggle = () => timer === null ? play() : pause();
const step = (by) => { pause(); seek(shown + by); };

find("first").onclick = () => { pause(); seek(0); };
find("back").onclick = () => step(-1);
find("play").onclick = toggle;
find("on").onclick = () => step(1);
find("last").onclick = () => { pause(); seek(runs[run].events.length); };
find("slider").oninput = (event) => { pause(); seek(Number(event.target.value)); };

document.addEventListener("keydown", (event) => {
  if (runs.length === 0) return;
  const isField = event.target.matches("input, select");
  if (event.ctrlKey || event.metaKey || event.altKey || (isField && event.key !== " ")) return;
  const act = {
    " ": () => { if (!event.target.matches("button, select")) toggle(); else return false; },
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => { pause(); seek(0); },
    End: () => { pause(); seek(runs[run].events.length); },
    "[": () => { choose(run - 1); remember(); },
    "]": () => { choose(run + 1); remember(); },
  }[event.key];
  if (act && act() !== false) event.preventDefault();
});

runs.forEach(({ title }, i) => {
  const button = element("button", "", title || `run ${i + 1}`);
  button.onclick = () => { choose(i); remember(); };
  find("runs").append(button);
  // A click on the rows goes to the last event up to there.
  find(`rows${i}`).querySelector(".chart").onclick = (event) => {
    const box = find(`rows${i}`).querySelector(".over").getBoundingClientRect();
    const at = (event.clientX - box.left) / box.width + 1e-3;
    pause();
    seek(runs[i].events.filter(([, , where]) => where <= at).length);
  };
});
find("runs").hidden = runs.length < 2;

function goToFragment() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  choose(Math.max(0, Math.min(runs.length, Math.trunc(wanted.get("run")) || 1) - 1));
  shown = Math.max(0, Math.min(runs[run].events.length, Math.trunc(wanted.get("event")) || 0));
  show(false);
}
if (runs.length > 0) {
  document.body.classList.add("playing");
  find("player").hidden = find("keys").hidden = false;
  addEventListener("hashchange", goToFragment);
  goToFragment();
}
