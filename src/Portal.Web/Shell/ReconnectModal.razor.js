// The states come from blazor.web.js as "components-reconnect-state-changed".
const modal = document.getElementById("components-reconnect-modal");
let wanted = false;

modal.addEventListener("components-reconnect-state-changed", event => {
  switch (event.detail.state) {
    case "show":
    case "paused":
    case "resume-failed":
      show();
      break;
    case "hide":
      hide();
      break;
    case "failed":
      show();
      document.addEventListener("visibilitychange", retryWhenVisible);
      break;
    case "rejected":
      // the server is there and no longer knows the circuit
      location.reload();
      break;
  }
});

// closed by Escape, it would leave a page that looks alive and is not
modal.addEventListener("close", () => { if (wanted) modal.showModal(); });

function show() {
  wanted = true;
  if (!modal.open) modal.showModal();
}

function hide() {
  wanted = false;
  modal.close();
}

document.getElementById("components-reconnect-button").addEventListener("click", retry);
document.getElementById("components-resume-button").addEventListener("click", resume);

async function retry() {
  document.removeEventListener("visibilitychange", retryWhenVisible);
  try {
    // false: the server answered and refused; an exception: it was not reached
    if (await Blazor.reconnect()) return;
    if (await Blazor.resumeCircuit()) hide();
    else location.reload();
  } catch {
    document.addEventListener("visibilitychange", retryWhenVisible);
  }
}

async function resume() {
  try {
    if (!await Blazor.resumeCircuit()) location.reload();
  } catch {
    modal.classList.replace("components-reconnect-paused", "components-reconnect-resume-failed");
  }
}

async function retryWhenVisible() {
  if (document.visibilityState === "visible") await retry();
}
