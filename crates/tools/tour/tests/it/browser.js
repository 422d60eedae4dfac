// Plays each run of a page forth and back, and tells the page around it what went wrong.
addEventListener("load", async () => {
  const faults = window.faults;
  const check = (holds, what) => { if (!holds) faults.push(what); };
  const find = (id) => document.getElementById(id);
  const shown = () => Number(find("slider").value);
  const seek = (to) => {
    find("slider").value = to;
    find("slider").dispatchEvent(new Event("input"));
  };
  // A run that is longer than this is not played step by step, but looked at here and there.
  const LONG = 150;
  const runs = Math.max(1, find("runs").children.length);
  let steps = 0, questions = 0;
  check(!find("player").hidden, "the player is hidden");
  for (let run = 0; run < runs; run++) {
    find("runs").children[run]?.click();
    const last = Number(find("slider").max);
    const stride = Math.max(1, Math.ceil(last / LONG));
    const where = (to) => `run ${run + 1}, step ${to}`;
    const states = new Map();
    for (let to = 0; to <= last; to += stride) {
      if (to > 0 && stride === 1) find("on").click(); else seek(to);
      steps++;
      check(shown() === to, `${where(to)}: ${shown()} is shown`);
      check(find("caption").textContent.length > 5, `${where(to)}: there is no caption`);
      const chips = [...document.querySelectorAll("#places .chip[data-task]")];
      const busy = new Set(chips.filter((chip) => chip.matches(".running, .ready")).map((chip) => chip.dataset.task));
      const count = (task) => chips.filter((chip) => chip.dataset.task === task).length;
      for (const task of busy) check(count(task) === 1, `${where(to)}: task ${task} is in two places`);
      states.set(to, find("places").textContent);
    }
    check(last > 5, `run ${run + 1} has ${last} steps`);
    for (const [to, state] of [...states].reverse()) {
      if (stride === 1 && shown() === to + 1) find("back").click(); else seek(to);
      check(find("places").textContent === state, `${where(to)}: it is not the same on the way back`);
    }
    find("last").click();
    check(shown() === last && find("on").disabled, `run ${run + 1} does not go to its end`);
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
    check(shown() === last - 1, "the left arrow does not go back");
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Home", bubbles: true }));
    check(shown() === 0 && find("back").disabled, "Home does not go to the beginning");
    const arrived = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    location.hash = `#run=${run + 1}&event=3`;
    await arrived;
    check(shown() === 3, `the link #run=${run + 1}&event=3 leads to ${shown()}`);
    if (stride === 1) {
      find("first").click();
      find("ask").click();
      let answers = 0;
      for (let clicks = 0; shown() < last && clicks < 2 * last; clicks++) {
        find("on").click();
        const guess = document.querySelector("#caption .answers button");
        if (!guess) continue;
        guess.click();
        answers++;
        const score = find("score").textContent;
        check(/^\d+ of \d+$/.test(score) && score.endsWith(` of ${answers}`), `after ${answers} answers: ${score}`);
      }
      questions += answers;
      check(shown() === last, `with questions run ${run + 1} ends at ${shown()}`);
      find("ask").click();
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    check(scrollWidth <= clientWidth, `the page is ${scrollWidth} px wide, and the window ${clientWidth} px`);
  }
  const verdict = faults.length === 0 ? `all is well: ${runs} runs, ${steps} steps, ${questions} questions` : faults.slice(0, 20).join("\n");
  parent.postMessage(`${innerWidth} px: ${verdict}`, "*");
});
