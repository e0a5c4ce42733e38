// Sends a chosen file to the portal over plain HTTP and tells the component how far it is.
export function start(input, address, mostBytes, component) {
  const file = input.files[0];
  const request = new XMLHttpRequest();
  let told = -1;

  const end = codes => component.invokeMethodAsync("EndedAsync", codes);

  request.upload.onprogress = event => {
    const percent = Math.min(100, Math.floor(100 * event.loaded / event.total));
    if (percent !== told) component.invokeMethodAsync("ProgressAsync", told = percent);
  };
  request.onload = () => {
    const answer = read(request.responseText);
    if (request.status === 200 && answer?.import) component.invokeMethodAsync("UploadedAsync", answer.import);
    else end(answer?.problems ?? [request.status === 413 ? "file_too_large" : "upload_refused"]);
  };
  request.onerror = () => end(["upload_lost"]);
  request.onabort = () => end([]);

  send();
  return { stop: () => request.abort() };

  async function send() {
    if (!file) return end(["file_none"]);
    if (file.size > mostBytes) return end(["file_too_large"]);
    const token = await requestToken(address);
    if (!token) return end(["upload_refused"]);
    request.open("POST", `${address}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("RequestVerificationToken", token);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  }
}

// Pages are not rendered before their circuit, so the token against forged requests is asked for.
async function requestToken(address) {
  try {
    const answer = await fetch(`${address}/token`, { cache: "no-store", redirect: "error" });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
