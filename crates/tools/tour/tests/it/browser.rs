//! Does the page of each step play in a browser?
//!
//! It is asked of a Chromium, if there is one: `browser.js` plays the page, and writes its verdict
//! into it.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use timeline::Recorder;

use crate::support::{Folder, printed, tour};

/// How long a browser may take for all pages, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// Collects what goes wrong from the beginning.
const LISTEN: &str = r#"
window.faults = [];
addEventListener("error", (event) => faults.push(`error: ${event.message}`));
addEventListener("unhandledrejection", (event) => faults.push(`error: ${event.reason}`));
addEventListener("securitypolicyviolation", (event) => faults.push(`refused: ${event.violatedDirective}`));
console.error = (...what) => faults.push(`console: ${what}`);
"#;

/// Returns the browser, which `$CHROME` may name; `None` if there is none that starts.
fn browser() -> Option<OsString> {
    let names = ["chromium", "chromium-browser", "google-chrome"].map(OsString::from);
    let names = env::var_os("CHROME").into_iter().chain(names);
    names.into_iter().find(|name| {
        let version = Command::new(name)
            .arg("--version")
            .stderr(Stdio::null())
            .output();
        version.is_ok_and(|output| output.status.success())
    })
}

/// Shows one page after the other, on a phone's width and on a desktop's, and writes down what each
/// says.
const AROUND: &str = r#"<!doctype html><body><pre id="verdict"></pre><script>
(async () => {
  for (const page of PAGES) for (const width of [390, 1280]) {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: page, width, height: 844 });
    const said = new Promise((done) => addEventListener("message", done, { once: true }));
    document.body.append(frame);
    document.getElementById("verdict").append(`${page}, ${(await said).data}\n`);
    frame.remove();
  }
})();
</script>"#;

/// Opens a page, and returns what has become of it; `None` if the browser does not come back.
fn open(browser: &OsString, folder: &Folder, page: &str) -> Option<String> {
    let (file, dump) = (folder.file("index.html"), folder.file("dump.html"));
    fs::write(&file, page).unwrap();
    let mut running = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu"])
        .args(["--disable-dev-shm-usage", "--virtual-time-budget=1000000"])
        // Each step that is shown is noted in the address, faster than a person would.
        .arg("--disable-ipc-flooding-protection")
        .args(["--window-size=1400,900", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.file("profile")))
        .arg(&file)
        .stdout(File::create(&dump).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let begin = Instant::now();
    while running.try_wait().unwrap().is_none() {
        if begin.elapsed() > PATIENCE {
            _ = running.kill();
            _ = running.wait();
            return None;
        }
        thread::sleep(Duration::from_millis(50));
    }
    let dump = fs::read(dump).unwrap();
    Some(String::from_utf8_lossy(&dump).into_owned())
}

/// Makes a page play itself.
fn tested(page: &str) -> String {
    let script = |text: &str| format!("<script>{text}</script>");
    let page = page.replacen("<head>", &format!("<head>{}", script(LISTEN)), 1);
    let (before, after) = page.rsplit_once("</body>").expect("it has a body");
    let test = script(include_str!("browser.js"));
    format!("{before}{test}</body>{after}")
}

/// Makes the page of a long run: a hundred tasks take turns, until 100,000 things have happened.
fn long_page() -> String {
    let recorder = Recorder::listen();
    trace::started(None, false);
    for task in 0..100 {
        trace::spawned(task, "");
        trace::woken(task);
    }
    for task in (0..100).cycle().take(33_333) {
        trace::resumed(task);
        trace::woken(task);
        trace::suspended(task, None);
    }
    recorder.picture("A long run").to_html()
}

#[test]
fn the_page_of_each_step_plays() {
    let Some(browser) = browser() else {
        return eprintln!("skipped, as there is no Chromium: set CHROME to one");
    };
    let folder = Folder::new("browser");
    let opened = open(&browser, &folder, "<p>It opens.</p>");
    if !opened.is_some_and(|page| page.contains("It opens.")) {
        return eprintln!("skipped, as {} does not start", browser.display());
    }
    let on_linux = ["7"].into_iter().filter(|_| cfg!(target_os = "linux"));
    let steps = ["1", "2", "3", "4", "5", "6", "8", "9"]
        .into_iter()
        .chain(on_linux);
    let pages = steps.map(|step| {
        let page = format!("step{step}.html");
        let file = folder.file(&page);
        let clock = match step {
            "4" | "7" => None,
            _ => Some("--virtual"),
        };
        let arguments = [Some(step), clock, Some("--html"), Some(&file)];
        printed(tour(&Vec::from_iter(arguments.into_iter().flatten())));
        fs::write(&file, tested(&fs::read_to_string(&file).unwrap())).unwrap();
        page
    });
    let long = "long.html".to_owned();
    fs::write(folder.file(&long), tested(&long_page())).unwrap();
    let pages: Vec<_> = pages.chain([long]).collect();
    let around = AROUND.replace("PAGES", &format!("{pages:?}"));
    let played = open(&browser, &folder, &around).unwrap_or_default();
    let verdicts = played.split_once("<pre id=\"verdict\">");
    let verdicts = verdicts.and_then(|(_, verdicts)| verdicts.split_once("</pre>"));
    let (verdicts, _) = verdicts.unwrap_or_default();
    println!("{verdicts}");
    let (said, well) = (" px: ", " px: all is well");
    let said = verdicts.matches(said).count();
    assert_eq!(verdicts.matches(well).count(), said, "{verdicts}");
    // That is the browser's own trouble: a fault of the page is said.
    if said < 2 * pages.len() {
        eprintln!("the browser has played {said} pages, and given up");
    }
}
