const paths = {
  alerts: 'M12 3 4 6v5.5c0 4.600 3.300 7.900 8 9.500 4.700-1.600 8-4.900 8-9.500V6zM12 8v5M12 16.200v.1',
  events: 'M4 6h16M4 12h16M4 18h10',
  sources:
    'M12 4c4.400 0 8 1.300 8 3s-3.600 3-8 3-8-1.300-8-3 3.600-3 8-3zM4 7v10c0 1.700 3.600 3 8 3s8-1.300 8-3V7M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3',
  health: 'M3 12h4l2.500-6 4 12 2.500-6h5',
  search: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.300 15.300 20.500 20.500',
  clock: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM12 7.500V12l3.200 2',
  globe:
    'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM3.500 12h17M12 3.500c2.500 2.300 3.700 5.100 3.700 8.500s-1.200 6.200-3.700 8.500c-2.500-2.300-3.700-5.100-3.700-8.500S9.500 5.800 12 3.500z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.500 20.500c.7-3.900 3.700-6 7.500-6s6.800 2.100 7.500 6',
  keyboard: 'M3 6.500h18v11H3zM6.500 10h.1M10 10h.1M13.500 10h.1M17 10h.1M8 14h8',
  settings: 'M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h9M17 17h3M15 15v4',
  chevron: 'M6 9.500l6 6 6-6',
  left: 'M14.500 6l-6 6 6 6',
  right: 'M9.500 6l6 6-6 6',
  check: 'M4.500 12.500l5 5 10-11',
  cross: 'M6 6l12 12M18 6 6 18',
  minus: 'M5 12h14',
  filter: 'M4 5.500h16l-6.200 7.300V19l-3.600-2v-4.200z',
  link: 'M10 14a4 4 0 0 0 5.700 0l3.100-3.100a4 4 0 0 0-5.700-5.700L12 6.300M14 10a4 4 0 0 0-5.700 0l-3.100 3.100a4 4 0 0 0 5.700 5.700l1.100-1.100',
  ban: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM6 6l12 12',
} as const;
export type IconName = keyof typeof paths;

/** A line drawing beside a word; never the only name of a control. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The mark of the product: a shield with a watching eye. */
export function Logo({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        fill="var(--mantine-color-canh-7)"
        d="M16 1.500 28.500 6v9.200c0 7.300-5.200 12.600-12.500 15.300C8.700 27.800 3.500 22.500 3.500 15.200V6z"
      />
      <path
        fill="#fff"
        d="M16 9.500c4.300 0 7.500 3.100 9 5.500-1.500 2.400-4.700 5.500-9 5.500S8.500 17.400 7 15c1.500-2.400 4.700-5.500 9-5.500z"
      />
      <circle cx="16" cy="15" r="3.200" fill="var(--mantine-color-canh-7)" />
    </svg>
  );
}
