/* A view that is read again every few seconds while it is shown. Subclasses have `read`. */

const REFRESH_SECONDS = 3;

export class RefreshedView {
  constructor(page) {
    this.page = page;
  }

  show() {
    this.isShown = true;
    this.refresh();
  }

  hide() {
    this.isShown = false;
    clearTimeout(this.next);
  }

  async refresh() {
    clearTimeout(this.next);
    if (!this.isShown) return;
    try {
      await this.read();
    } catch {
      // The page says already that the emulator does not respond.
    }
    clearTimeout(this.next);
    if (this.isShown) this.next = setTimeout(() => this.refresh(), REFRESH_SECONDS * 1000);
  }
}
