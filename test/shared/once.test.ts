import { once } from '../../src/shared/once';

let made = 0;

class Counted {
  constructor(private readonly step: number) {}

  @once
  get value(): number {
    made += 1;
    return made * this.step;
  }
}

test('a value is made when it is first asked for, once for each object', () => {
  const [ones, tens] = [new Counted(1), new Counted(10)];
  expect(made).toBe(0);
  expect([ones.value, tens.value, ones.value, tens.value]).toEqual([1, 20, 1, 20]);
  expect(made).toBe(2);
});

test('a getter that throws is asked again', () => {
  let asked = 0;
  class Failing {
    @once
    get value(): number {
      asked += 1;
      throw new Error(`failure ${asked}`);
    }
  }
  const failing = new Failing();
  expect(() => failing.value).toThrow('failure 1');
  expect(() => failing.value).toThrow('failure 2');
});
