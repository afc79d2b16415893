import { expect } from 'chai';
import { parseRequest, splitAuthority, splitTarget } from '../../../integrations/web-access/request.ts';

const requests: readonly { request: string; is: object | undefined }[] = [
  { request: 'GET / HTTP/1.1', is: { method: 'GET', target: '/', protocol: 'HTTP/1.1' } },
  { request: 'PROPFIND /dav HTTP/2', is: { method: 'PROPFIND', target: '/dav', protocol: 'HTTP/2' } },
  { request: 'GET /a b c HTTP/1.1', is: { method: 'GET', target: '/a b c', protocol: 'HTTP/1.1' } },
  { request: 'GET /', is: { method: 'GET', target: '/' } },
  { request: 'OPTIONS * HTTP/1.1', is: { method: 'OPTIONS', target: '*', protocol: 'HTTP/1.1' } },
  { request: 'OPTIONS / RTSP/1.0', is: { method: 'OPTIONS', target: '/', protocol: 'RTSP/1.0' } },
  { request: 'GET http://a.example/', is: { method: 'GET', target: 'http://a.example/' } },
  { request: 'SSH-2.0-Go', is: undefined },
  { request: 'SSH-2.0-OpenSSH_9.6 Debian-4', is: undefined },
  { request: String.raw`\x16\x03\x01\x02`, is: undefined },
  { request: String.raw`\x03\x00 /\xE0`, is: undefined },
  { request: 't3 12.2.1', is: undefined },
  { request: 'GET  HTTP/1.1', is: undefined },
  { request: ' / HTTP/1.1', is: undefined },
  { request: '', is: undefined },
];

const targets: readonly { target: string; method?: string; is: object }[] = [
  { target: '/', is: { path: '/' } },
  { target: '/a/b.PHP?x=1?y', is: { path: '/a/b.PHP', query: 'x=1?y', extension: 'PHP' } },
  { target: '/a.b/c', is: { path: '/a.b/c' } },
  { target: '/?', is: { path: '/', query: '' } },
  { target: '/?next=http://b.example/', is: { path: '/', query: 'next=http://b.example/' } },
  {
    target: 'http://a.example:8080/x?y',
    is: { scheme: 'http', domain: 'a.example', port: 8080, path: '/x', query: 'y' },
  },
  { target: 'http://a.example', is: { scheme: 'http', domain: 'a.example', path: '/' } },
  { target: 'a.example:443', method: 'CONNECT', is: { domain: 'a.example', port: 443 } },
  { target: '*', is: { path: '*' } },
];

const authorities: readonly { authority: string; is: object }[] = [
  { authority: 'a.example', is: { domain: 'a.example' } },
  { authority: 'a.example:8443', is: { domain: 'a.example', port: 8443 } },
  { authority: '[2001:db8::1]:443', is: { domain: '2001:db8::1', port: 443 } },
  { authority: '2001:db8::1', is: { domain: '2001:db8::1' } },
  { authority: 'a.example:99999', is: { domain: 'a.example:99999' } },
  { authority: '', is: {} },
];

describe('parseRequest', () => {
  for (const { request, is } of requests) {
    it(`reads ${JSON.stringify(request)}${is === undefined ? ' as no request' : ''}`, () => {
      expect(parseRequest(request)).to.deep.equal(is);
    });
  }
});

describe('splitTarget', () => {
  for (const { target, method, is } of targets) {
    it(`splits ${target}`, () => {
      expect(splitTarget(target, method)).to.deep.equal(is);
    });
  }
});

describe('splitAuthority', () => {
  for (const { authority, is } of authorities) {
    it(`splits ${JSON.stringify(authority)}`, () => {
      expect(splitAuthority(authority)).to.deep.equal(is);
    });
  }
});
