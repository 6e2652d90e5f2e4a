import type { LookupFunction } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type CheckUrl, createCheckUrl } from './check-url.ts';
import { createGuard } from './guard.ts';
import corpus from './ssrf-corpus.json' with { type: 'json' };
import { createResolve } from './resolve.ts';

interface Input {
  readonly lookup: LookupFunction;
  readonly timeoutMs?: number;
}

function checkWith({ lookup, timeoutMs = 2000 }: Input): CheckUrl {
  const guard = createGuard({ allowNetworks: [], allowHosts: ['hooks.corp'], allowHttp: true });
  return createCheckUrl({ guard, resolve: createResolve(lookup), timeoutMs });
}

const answering =
  (...addresses: readonly string[]): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('a URL that is set', () => {
  test.each(corpus.filter(({ config }) => config === undefined))(
    'is judged as $verdict: $id',
    async ({ url, resolves_to, then_resolves_to, responds_with, verdict }) => {
      // What is only seen at the second question or in an answer is for the connection to see.
      if (then_resolves_to !== undefined || responds_with !== undefined) return;
      const check = checkWith({ lookup: answering(...(resolves_to ?? ['93.184.215.14'])) });
      expect((await check(url)).ok).toBe(verdict === 'allow');
    },
  );

  test('may be a local name that the operator allows, at a public address only', async () => {
    const at = (address: string, url: string) => checkWith({ lookup: answering(address) })(url);
    expect(await at('93.184.215.14', 'https://hooks.corp/')).toMatchObject({ ok: true });
    expect(await at('93.184.215.14', 'https://other.corp/')).toMatchObject({ ok: false });
    expect(await at('10.0.0.1', 'https://hooks.corp/')).toMatchObject({ ok: false });
    expect(await at('169.254.169.254', 'https://hooks.corp/')).toMatchObject({ ok: false });
  });

  test('is let pass when its name does not resolve, or not in time', async () => {
    const failing: LookupFunction = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), '');
    const silent: LookupFunction = () => {};
    for (const lookup of [failing, silent]) {
      const check = checkWith({ lookup, timeoutMs: 20 });
      expect(await check('https://hooks.example.com/')).toStrictEqual({
        ok: true,
        isResolved: false,
      });
    }
  });

  test('takes no more than two lookups at once, however many are set', async () => {
    const underWay: (() => void)[] = [];
    const lookup: LookupFunction = (_hostname, _options, callback) =>
      underWay.push(() => callback(null, [{ address: '93.184.215.14', family: 4 }]));
    const check = checkWith({ lookup });
    const checks = [1, 2, 3, 4].map((n) => check(`https://hooks-${n}.example.com/`));
    await expect.poll(() => underWay.length).toBe(2);
    for (const answer of underWay.splice(0)) answer();
    const isResolved = (await Promise.all(checks)).map((one) => one.ok && one.isResolved);
    expect(isResolved).toStrictEqual([true, true, false, false]);
    const later = check('https://hooks-5.example.com/');
    for (const answer of underWay.splice(0)) answer();
    expect(await later).toStrictEqual({ ok: true, isResolved: true });
  });
});
