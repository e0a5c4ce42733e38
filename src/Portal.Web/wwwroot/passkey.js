// Forms with data-passkey ask the browser for a passkey before they are sent: "request" to sign in, "creation" to make one.
const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential?.parseRequestOptionsFromJSON;

for (const form of able ? document.querySelectorAll("[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async event => {
    const field = form.querySelector("input[name$='.Credential']");
    if (field.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const told = form.querySelector("[data-passkey-failed]");
    told.textContent = "";
    try {
      const credential = await ask(form.dataset.passkey, new FormData(form));
      field.value = JSON.stringify(credential);
    } catch {
      told.textContent = told.dataset.passkeyFailed;
      return;
    }
    form.requestSubmit();
  });
}

async function ask(kind, form) {
  const body = new URLSearchParams({ __RequestVerificationToken: form.get("__RequestVerificationToken") });
  const answer = await fetch(`/account/passkey/${kind}`, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.status);
  const options = await answer.json();
  return kind === "creation"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}
