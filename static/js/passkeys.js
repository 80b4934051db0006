/* When a passkey does not answer, say so where the button is. allauth announces it by an event. */
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  const place = document.getElementById('passkey-problem')
  if (place) place.textContent = place.dataset.sentence
})
