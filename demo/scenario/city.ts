/**
 * A city that does not exist. Names end in `.example` (RFC 2606), outsiders live in documentation networks (RFC 5737),
 * everybody inside in 10.0.0.0/8.
 */
export const hosts = {
  mail: { name: 'mail01', address: '10.20.1.10' },
  web: { name: 'web01', address: '10.20.7.2' },
  documents: { name: 'vanban01', address: '10.20.3.5' },
  controller: { name: 'DC01.thanhpho.example', address: '10.20.0.2' },
} as const;

export const PORTAL = 'dichvucong.thanhpho.example';
export const DOMAIN = 'THANHPHO';

/** Who came in from outside. */
export const outsiders = {
  /** Tries passwords at the mail server. */
  guesser: '198.51.100.77',
  /** Scans the portal, then runs commands on it. */
  intruder: '203.0.113.66',
  /** Where tools are fetched from. */
  depot: '192.0.2.45',
  /** Scans everything, means nobody in particular. */
  census: '203.0.113.201',
} as const;

/** An account, and where it is used from. */
export interface Person {
  readonly user: string;
  readonly address: string;
  readonly workstation: string;
}

/** Administrators with a shell, and the desks they sit at. */
export const administrators: readonly [Person, ...Person[]] = [
  { user: 'ntlan', workstation: 'PC-QTHT-01', address: '10.20.4.18' },
  { user: 'tvminh', workstation: 'PC-QTHT-02', address: '10.20.4.21' },
  { user: 'lhphuc', workstation: 'PC-QTHT-03', address: '10.20.4.33' },
];

/** Staff of departments and wards, as their domain accounts are called. */
export const staff: readonly [Person, ...Person[]] = [
  { user: 'ptthao.sotttt', workstation: 'PC-SOTTTT-07', address: '10.21.2.17' },
  { user: 'nvhung.sonoivu', workstation: 'PC-SONOIVU-12', address: '10.21.3.42' },
  { user: 'dtmai.ubnd', workstation: 'PC-UBND-03', address: '10.21.1.23' },
  { user: 'hqbao.phuong-ankhanh', workstation: 'PC-ANKHANH-02', address: '10.22.4.12' },
  { user: 'ltkngan.xa-phongdien', workstation: 'PC-PHONGDIEN-05', address: '10.22.9.15' },
  { user: 'vtloan.sotaichinh', workstation: 'PC-SOTC-21', address: '10.21.5.61' },
];

/** Pages of the portal that people read. */
export const pages = [
  '/',
  '/thu-tuc?linh_vuc=ho-tich',
  '/thu-tuc?linh_vuc=dat-dai&trang=2',
  '/thu-tuc/dang-ky-khai-sinh',
  '/thu-tuc/cap-giay-phep-xay-dung',
  '/tra-cuu-ho-so',
  '/tin-tuc',
  '/tin-tuc/lich-tiep-cong-dan-thang-11',
  '/lien-he',
  '/static/css/portal.css',
  '/static/js/portal.js',
  '/static/img/quoc-huy.png',
  '/api/thong-bao?limit=5',
] as const;

export const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 15; SM-A556E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
] as const;
