// A form whose answer a passkey gives. The task stands in the form as JSON, or at data-url; data-does says whether a
// passkey is made ("create") or asked ("get"). The answer goes into the field `credential`, and the form is sent.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function task(given) {
  const key = { ...given.publicKey, challenge: bytes(given.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (key[list]) key[list] = key[list].map((one) => ({ ...one, id: bytes(one.id) }));
  return { publicKey: key };
}

function answer(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[part]) response[part] = text(credential.response[part]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

export default function passkey(form) {
  const said = form.querySelector("[data-answer]");
  if (!window.PublicKeyCredential) {
    form.hidden = true;
    return;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.hidden = true;
    try {
      const inline = form.querySelector('script[type="application/json"]');
      const given = inline
        ? JSON.parse(inline.textContent)
        : await (await fetch(form.dataset.url, { headers: { Accept: "application/json" } })).json();
      const found = await navigator.credentials[form.dataset.does](task(given));
      form.elements.credential.value = answer(found);
      form.submit();
    } catch {
      said.textContent = form.dataset.failed;
      said.hidden = false;
    }
  });
}
