import { assertLook, LOOKS, OVERLAYS, putOn } from './looks.mjs';

/** A page of somebody who is signed in, brought from scene to scene. */
export class Stage {
  #page;
  #addressOf;
  /** True while requests get their real answers. */
  #real = true;

  /** `addressOf`: the whole address of a scene. */
  constructor(page, addressOf) {
    this.#page = page;
    this.#addressOf = addressOf;
  }

  /** Checks a scene in the looks of its state. It is entered once. @throws AssertionError for what is wrong with it */
  async play(name, state, scene) {
    for (const [index, look] of LOOKS[state].entries()) {
      if (index > 0 && scene.anew) await this.#close();
      await putOn(this.#page, look);
      if (index === 0) await this.#enter(scene);
      await this.#open(scene);
      await assertLook(this.#page, name, look);
    }
  }

  async #enter(scene) {
    const { answers = null, ready } = scene;
    const page = this.#page;
    if (answers !== null || !(await this.#isAt(scene))) {
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      if (page.url().startsWith('http')) await page.evaluate(() => sessionStorage.clear());
      if (answers !== null) await page.route('**/graphql', answers);
      await page.goto(this.#addressOf(scene));
      this.#real = answers === null;
    }
    await ready(page).waitFor();
  }

  /** Tells if the page is there already, once what lies above it is closed, without a draft. */
  async #isAt(scene) {
    const page = this.#page;
    if (scene.open === undefined || !this.#real || page.url() !== this.#addressOf(scene)) return false;
    await this.#close();
    const drafts = await page.evaluate(() => sessionStorage.length);
    return drafts === 0 && (await page.locator(OVERLAYS).count()) === 0;
  }

  async #close() {
    const above = this.#page.locator(OVERLAYS);
    for (let tries = 0; tries < 3 && (await above.count()) > 0; tries += 1)
      await this.#page.keyboard.press('Escape');
  }

  /** Opens what the scene is about, again where a look closed it. */
  async #open({ open, shows }) {
    if (open === undefined) return;
    const page = this.#page;
    if (!(await shows(page).first().isVisible())) await open(page);
    await shows(page).first().waitFor();
  }
}
