// A picture is a link to the page that plays it. Here that page is shown below the picture, too.
for (const link of document.querySelectorAll('main a[href^="pictures/"][href$=".html"]')) {
  const player = document.createElement("iframe");
  player.className = "player";
  player.loading = "lazy";
  player.title = "Plays the picture above, step by step";
  player.src = link.href;
  link.title = "Open the player by itself";
  link.parentElement.after(player);
  player.addEventListener("load", () => {
    // A page that was opened as a file may not look into another.
    const page = player.contentDocument?.documentElement;
    if (!page) return;
    const fit = () => (player.style.height = `${page.offsetHeight + 2}px`);
    new ResizeObserver(fit).observe(page);
  });
}
