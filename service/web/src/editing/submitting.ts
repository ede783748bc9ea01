/** Sends a form by the page's own means: the browser would leave the page. */
export const submitting = (run: () => unknown) => (event: Event) => {
  event.preventDefault();
  void run();
};
