// @ts-check
/** kit: a worker that ticks. Browsers slow the timers of hidden pages to one a minute, but not those of workers. */

self.addEventListener("message", (event) => {
  setInterval(() => self.postMessage(null), Number(event.data));
});
