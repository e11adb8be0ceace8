// Times are UTC; where this page is read it can say what that was on the clock there.
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
for (const time of document.querySelectorAll("time")) {
  time.title = clock.format(new Date(time.dateTime)) + " on this computer's clock";
}
for (const place of document.querySelectorAll("[data-local]")) {
  place.textContent = clock.format(new Date(place.dataset.local)) + " local";
}
document.getElementById("zone").textContent = "; on a screen, hold the pointer over one for your local time (" + (Intl.DateTimeFormat().resolvedOptions().timeZone || "your zone") + ").";
