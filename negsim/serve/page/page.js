// The terminal opens when its font is there, speaks to where the page came from, and has the keys.
// A file is kept without a window, which could be blocked; a window elsewhere cannot reach this page.
const open = window.onload;
const openWindow = window.open.bind(window);

window.open = (address, ...more) => {
  if (address === undefined) return openWindow();
  const to = new URL(address, location.href);
  if (to.origin !== location.origin) return openWindow(to.href, "_blank", "noopener,noreferrer");
  if (!to.pathname.startsWith("/download/")) return openWindow(to.href, ...more);
  const link = document.createElement("a");
  link.href = to.href;
  link.download = "";
  link.click();
  return null;
};

window.onload = async (event) => {
  const terminal = document.querySelector(".textual-terminal");
  const focus = () => terminal.querySelector(".xterm-helper-textarea")?.focus();
  const again = document.querySelector("#again");
  terminal.dataset.sessionWebsocketUrl = `${location.origin.replace(/^http/, "ws")}/ws`;
  again.addEventListener("click", () => location.replace("/"));
  const fonts = ["", "bold ", "italic "].map((style) => document.fonts.load(`${style}16px "Roboto Mono"`));
  await Promise.allSettled(fonts);
  new MutationObserver(focus).observe(terminal, { attributeFilter: ["class"] });
  new MutationObserver(() => {
    if (document.body.classList.contains("-closed")) again.focus();
  }).observe(document.body, { attributeFilter: ["class"] });
  window.addEventListener("focus", () => terminal.classList.contains("-connected") && focus());
  open(event);
};
