import assert from 'node:assert/strict';

/** Somebody who has a keyboard and nothing else: what has the focus, and keys. */

/** Steps after which something is taken to be out of reach. */
const PATIENCE = 120;

export class Hands {
  #page;

  constructor(page) {
    this.#page = page;
  }

  press = (...keys) => inTurn(keys, (key) => this.#page.keyboard.press(key));

  type = (text) => this.#page.keyboard.type(text);

  /** Goes on by Tab, or another key, until a thing of this role and name has the focus. @throws where none comes */
  async reach(role, name, key = 'Tab') {
    for (let step = 0; step < PATIENCE; step += 1) {
      if (await this.#has(role, name)) return;
      await this.#page.keyboard.press(key);
    }
    assert.fail(`No ${role} “${name}” is reached by ${key}; ${await this.#focused()} has the focus`);
  }

  /** Goes to a thing, and presses it. */
  async use(role, name, key = 'Enter') {
    await this.reach(role, name);
    await this.#page.keyboard.press(key);
  }

  /** Waits until a thing has the focus. @throws where it does not get it */
  async finds(role, name) {
    try {
      await this.#at(role, name).waitFor({ timeout: 5_000 });
    } catch {
      assert.fail(`The focus is not at the ${role} “${name}”, but at ${await this.#focused()}`);
    }
  }

  /** Waits until the live region says something. */
  hears = (text) => this.#page.getByRole('status').getByText(text).first().waitFor();

  #at(role, name) {
    return this.#page
      .getByRole(role, { name, exact: typeof name === 'string' })
      .and(this.#page.locator(':focus'));
  }

  #has = async (role, name) => (await this.#at(role, name).count()) > 0;

  #focused = () =>
    this.#page.evaluate(() => {
      const { activeElement: one } = document;
      return one === null || one === document.body ? 'nothing' : one.outerHTML.slice(0, 200);
    });
}

async function inTurn(keys, act) {
  for (const key of keys) await act(key);
}
