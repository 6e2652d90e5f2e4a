import { describe, expect, test } from 'vitest';
import { createGuard, type Guard, type GuardOptions, type UrlVerdict } from './guard.ts';
import corpus from './ssrf-corpus.json' with { type: 'json' };
import { targetOf } from './target.ts';

interface CorpusCase {
  readonly id: string;
  readonly url: string;
  readonly verdict: string;
  readonly why: string;
  readonly resolves_to?: readonly string[];
  readonly then_resolves_to?: readonly string[];
  readonly responds_with?: { readonly status: number; readonly location: string };
  readonly config?: {
    readonly allowCidrs?: readonly string[];
    readonly allowHosts?: readonly string[];
    readonly selfHosts?: readonly string[];
  };
}

function guardWith(options: Partial<GuardOptions> = {}): Guard {
  return createGuard({ allowNetworks: [], allowHttp: true, ...options });
}

/** Judges a URL as an attempt does: the text, then the answers of its name. */
function judge(guard: Guard, url: string, answers: readonly string[] = []): boolean {
  const verdict = guard.judgeUrl(url);
  if (!verdict.ok) return false;
  const target = targetOf(verdict.url);
  const isLiteral = guard.judgeAnswers(target, [target.hostname]).ok;
  return isLiteral || guard.judgeAnswers(target, answers).ok;
}

function reasonOf(verdict: UrlVerdict): string | null {
  return verdict.ok ? null : verdict.refusal.reason;
}

describe('corpus', () => {
  test.each(corpus as readonly CorpusCase[])('$id: $verdict, $why', (entry) => {
    const guard = guardWith({
      allowNetworks: entry.config?.allowCidrs ?? [],
      allowHosts: entry.config?.allowHosts ?? [],
      ownHosts: entry.config?.selfHosts ?? [],
    });
    // A redirect is an answer of an allowed host; that nobody follows it is a test of the agent.
    const expected = entry.responds_with === undefined ? entry.verdict : 'allow';
    const first = judge(guard, entry.url, entry.resolves_to);
    const then = judge(guard, entry.url, entry.then_resolves_to ?? entry.resolves_to);
    expect(then ? 'allow' : 'block').toBe(expected);
    expect(first || !then).toBe(true);
  });
});

describe('a URL', () => {
  const guard = guardWith();

  test.each([
    'https://hooks.example.com./in',
    'https://hooks.example.com/#part',
    'https://hooks.example.com?x=@y',
    'https://bücher.example/ü?q=ü',
    'http://8.8.8.8:1024/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:8443/',
  ])('%s is allowed', (url) => expect(reasonOf(guard.judgeUrl(url))).toBeNull());

  test.each([
    ['', 'not valid'],
    [' https://hooks.example.com/', 'not valid'],
    ['https://hooks.example.com/a b', 'not valid'],
    ['https://hooks.example.com/a\\b', 'not valid'],
    ['https://hooks.example.com/\u007f', 'not valid'],
    ['https://hooks.example.com/\ud800', 'not valid'],
    ['https:////hooks.example.com/', 'not valid'],
    ['https://[::1/', 'not valid'],
    ['https://@hooks.example.com/', 'password'],
    ['https://:@hooks.example.com/', 'password'],
    ['https://u@hooks.example.com?x', 'password'],
    ['https://a..example.com/', 'not a valid name'],
    ['https://.example.com/', 'not a valid name'],
    ['https://hooks.example.com../', 'not a valid name'],
    [`https://${'a'.repeat(64)}.example.com/`, 'not a valid name'],
    ['https://a!b.example.com/', 'not a valid name'],
    ['https://a*.example.com/', 'not a valid name'],
    [`https://hooks.example.com/${'é'.repeat(700)}`, 'longer'],
    ['https://hooks.example.com:1/', 'port'],
    ['https://hooks.example.com:1023/', 'port'],
    ['https://hooks.example.com:6379/', 'port'],
    ['https://hooks.example.com:11211/', 'port'],
    ['http://localhost/', 'local network'],
    ['http://localhost./', 'local network'],
    ['http://metadata.google.internal./', 'local network'],
    ['http://metadata.goog/', 'local network'],
    ['http://a.b.c.lan/', 'local network'],
    ['http://127.0.0.1:8080/', 'not public'],
    ['http://[::ffff:7f00:1]/', 'not public'],
    ['http://[64:ff9b:1::a00:1]/', 'not public'],
  ])('%j is refused: %s', (url, reason) => expect(reasonOf(guard.judgeUrl(url))).toContain(reason));

  test('is judged the same when it is asked for again', () => {
    const url = 'https://hooks.example.com/in';
    expect(guard.judgeUrl(url)).toBe(guard.judgeUrl(url));
    for (let i = 0; i < 10_000; i++) guard.judgeUrl(`${url}/${i}`);
    expect(guard.judgeUrl(url)).toMatchObject({ ok: true });
  });

  test('must be https when http is not allowed', () => {
    const strict = guardWith({ allowHttp: false, allowNetworks: ['10.0.0.0/8'] });
    expect(reasonOf(strict.judgeUrl('http://hooks.example.com/'))).toContain('https://');
    expect(reasonOf(strict.judgeUrl('http://10.0.0.1/'))).toContain('https://');
    expect(reasonOf(strict.judgeUrl('https://hooks.example.com/'))).toBeNull();
  });

  test('is refused without telling where it leads', () => {
    const reasons = ['http://10.0.0.1/', 'http://127.0.0.1:9999/', 'http://169.254.169.254/'].map(
      (url) => guard.judgeUrl(url),
    );
    expect(new Set(reasons.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
  });
});

describe('answers', () => {
  const target = targetOf(new URL('https://hooks.example.com/'));
  const isAllowed = (answers: readonly string[], guard = guardWith()): boolean =>
    guard.judgeAnswers(target, answers).ok;

  test('are refused together when one of them is forbidden', () => {
    expect(isAllowed(['93.184.215.14', '2606:2800::1'])).toBe(true);
    expect(isAllowed(['93.184.215.14', '10.0.0.1'])).toBe(false);
    expect(isAllowed(['10.0.0.1', '93.184.215.14'])).toBe(false);
    expect(isAllowed(['93.184.215.14', 'fe80::1%eth0'])).toBe(false);
    expect(isAllowed(['93.184.215.14', ''])).toBe(false);
  });

  test('are at least one and at most 64', () => {
    const many = Array.from({ length: 65 }, (_, i) => `93.184.215.${i}`);
    expect(isAllowed([])).toBe(false);
    expect(isAllowed(many.slice(1))).toBe(true);
    expect(isAllowed(many)).toBe(false);
  });

  test('are judged with name and port, also when nobody judged the URL', () => {
    const guard = guardWith();
    for (const url of ['http://localhost/', 'http://a.example:22/', 'http://metadata.goog/']) {
      expect(guard.judgeAnswers(targetOf(new URL(url)), ['93.184.215.14']).ok).toBe(false);
    }
  });
});

describe('allowed networks', () => {
  const guard = guardWith({ allowNetworks: ['127.0.0.0/8', '10.1.2.0/24'] });

  test('open literals and local names that lead there', () => {
    expect(judge(guard, 'http://127.0.0.1:8080/')).toBe(true);
    expect(judge(guard, 'http://localhost:8080/', ['127.0.0.1'])).toBe(true);
    expect(judge(guard, 'http://receiver:3000/', ['10.1.2.9'])).toBe(true);
    expect(judge(guard, 'http://hooks.corp/', ['10.1.2.9'])).toBe(true);
    expect(judge(guard, 'http://hooks.example.com/', ['10.1.2.9', '93.184.215.14'])).toBe(true);
  });

  test('open nothing else', () => {
    expect(judge(guard, 'http://10.1.3.1/')).toBe(false);
    expect(judge(guard, 'http://[::1]:8080/')).toBe(false);
    expect(judge(guard, 'http://127.0.0.1:6379/')).toBe(false);
    expect(judge(guard, 'http://receiver:3000/', ['10.1.3.9'])).toBe(false);
    expect(judge(guard, 'http://receiver:3000/', ['10.1.2.9', '10.1.3.9'])).toBe(false);
    expect(judge(guard, 'http://metadata.google.internal/', ['10.1.2.9'])).toBe(false);
  });

  test('are all that a local name may lead to, unless the operator allows the name', () => {
    expect(judge(guard, 'http://hooks.corp/', ['93.184.215.14'])).toBe(false);
    const named = guardWith({ allowNetworks: [], allowHosts: ['Hooks.Corp.'] });
    expect(judge(named, 'http://hooks.corp/', ['93.184.215.14'])).toBe(true);
    expect(judge(named, 'http://hooks.corp/', ['10.1.2.9'])).toBe(false);
    expect(judge(named, 'http://other.corp/', ['93.184.215.14'])).toBe(false);
  });

  test('leave out the loopback address of localhost that is not allowed', () => {
    const target = targetOf(new URL('http://localhost:8080/'));
    expect(guard.judgeAnswers(target, ['::1', '127.0.0.1'])).toEqual({
      ok: true,
      addresses: ['127.0.0.1'],
    });
    expect(guard.judgeAnswers(target, ['::1']).ok).toBe(false);
    expect(guard.judgeAnswers(target, ['127.0.0.1', '10.9.9.9']).ok).toBe(false);
    const receiver = targetOf(new URL('http://receiver:8080/'));
    expect(guard.judgeAnswers(receiver, ['::1', '127.0.0.1']).ok).toBe(false);
  });

  test('never open cloud metadata', () => {
    const open = guardWith({ allowNetworks: ['0.0.0.0/0', '::/0'] });
    expect(judge(open, 'http://10.0.0.1/')).toBe(true);
    expect(judge(open, 'http://[fd00::1]/')).toBe(true);
    for (const host of [
      '169.254.170.2',
      '[fd00:ec2::254]',
      '[2002:a9fe:a9fe::]',
      '[::a9fe:a9fe]',
    ]) {
      expect(judge(open, `http://${host}/`)).toBe(false);
    }
    expect(open.judgeAddress('168.63.129.16')).not.toBeNull();
  });

  test.each(['10.0.0.0/33', 'localhost', ''])('must be networks, not %j', (network) => {
    expect(() => guardWith({ allowNetworks: [network] })).toThrow(JSON.stringify(network));
  });

  test.each(['a b', 'a/b', 'a:81', ''])('and hosts must be names, not %j', (host) => {
    expect(() => guardWith({ allowHosts: [host] })).toThrow(JSON.stringify(host));
  });
});

describe('the own inbox', () => {
  const place = { host: '127.0.0.1', port: 4665, pathPrefix: '/inbox/' };
  const guard = guardWith({ ownInbox: place });
  const target = targetOf(new URL('http://127.0.0.1:4665/inbox/abc'));

  test('may be called at its origin and below its path', () => {
    expect(judge(guard, 'http://127.0.0.1:4665/inbox/abc?x=1')).toBe(true);
    expect(judge(guard, 'http://127.0.0.1:4665/inbox/abc/def')).toBe(true);
    expect(
      judge(guardWith({ ownInbox: place, allowHttp: false }), 'http://127.0.0.1:4665/inbox/a'),
    ).toBe(true);
  });

  test.each([
    'http://127.0.0.1:4665/',
    'http://127.0.0.1:4665/inbox',
    'http://127.0.0.1:4665/inboxes/',
    'http://127.0.0.1:4665/Inbox/a',
    'http://127.0.0.1:4665/inbox/../v1/events',
    'http://127.0.0.1:4665/inbox/%2e%2e/v1/events',
    'http://127.0.0.1:4665/inbox/%2E./v1/events',
    'http://127.0.0.1:4665/inbox/..%2fv1/events',
    'http://127.0.0.1:4665//inbox/a',
    'https://127.0.0.1:4665/inbox/a',
    'http://127.0.0.1:4666/inbox/a',
    'http://127.0.0.1/inbox/a',
    'http://127.0.0.2:4665/inbox/a',
    'http://localhost:4665/inbox/a',
    'http://[::1]:4665/inbox/a',
    'http://[::ffff:127.0.0.1]:4665/inbox/a',
    'http://0.0.0.0:4665/inbox/a',
  ])('is not %s', (url) => {
    expect(judge(guard, url, ['127.0.0.1'])).toBe(false);
    const open = guardWith({ allowNetworks: ['0.0.0.0/0', '::/0'], ownInbox: place });
    const isOtherPort = new URL(url).port !== '4665';
    expect(judge(open, url, ['127.0.0.1'])).toBe(isOtherPort);
  });

  test('opens the connection to its own address and port only', () => {
    expect(guard.judgePeer(target, '127.0.0.1')).toBeNull();
    expect(guard.judgePeer(target, '127.0.0.2')).not.toBeNull();
    expect(guard.judgePeer({ ...target, port: 8080 }, '127.0.0.1')).not.toBeNull();
    expect(guard.judgePeer({ ...target, hostname: 'a.example' }, '127.0.0.1')).not.toBeNull();
  });

  test('is where the service listens, once that is known', () => {
    const later = guardWith();
    expect(judge(later, 'http://127.0.0.1:4665/inbox/abc')).toBe(false);
    later.setOwnInbox(place);
    expect(judge(later, 'http://127.0.0.1:4665/inbox/abc')).toBe(true);
    later.setOwnInbox({ ...place, port: 5665 });
    expect(judge(later, 'http://127.0.0.1:4665/inbox/abc')).toBe(false);
  });

  test.each([
    ['0.0.0.0', 'http://127.0.0.1:4665/inbox/a'],
    ['::', 'http://[::1]:4665/inbox/a'],
    ['::1', 'http://[::1]:4665/inbox/a'],
    ['localhost', 'http://localhost:4665/inbox/a'],
  ])('listening on %s is %s', (host, url) => {
    expect(judge(guardWith({ ownInbox: { ...place, host } }), url, ['127.0.0.1'])).toBe(true);
  });

  test('keeps every other name for this process closed, whatever is allowed', () => {
    const open = guardWith({ allowNetworks: ['127.0.0.0/8'], ownInbox: place });
    expect(judge(open, 'http://127.0.0.1:4664/v1', [])).toBe(true);
    expect(judge(open, 'http://127.0.0.9:4665/v1', [])).toBe(false);
    expect(judge(open, 'http://me.example.com:4665/v1', ['127.0.0.1'])).toBe(false);
  });

  test.each(['inbox/', '/inbox', ''])('has a path like /inbox/, not %j', (pathPrefix) => {
    expect(() => guardWith({ ownInbox: { ...place, pathPrefix } })).toThrow('path');
  });
});
