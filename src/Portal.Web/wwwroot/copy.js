// Buttons with data-copy put that text on the clipboard and say so.
document.addEventListener("click", async event => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const copied = await write(button.dataset.copy);
  const told = button.parentElement.querySelector("[aria-live]");
  if (!copied) getSelection().selectAllChildren(button.parentElement.querySelector("code"));
  if (told) told.textContent = copied ? button.dataset.copied : button.dataset.notCopied;
  button.parentElement.classList.toggle("copied", copied);
  button.parentElement.classList.toggle("not-copied", !copied);
  setTimeout(() => {
    button.parentElement?.classList.remove("copied", "not-copied");
    if (told) told.textContent = "";
  }, copied ? 2000 : 8000);
});

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not a secure context, or not allowed
  }
}
