import { createTheme } from '@mantine/core';

/** Colours beyond these two scales are the tokens of `tokens.css`. */
export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', ui-monospace, monospace",
  primaryColor: 'canh',
  primaryShade: { light: 7, dark: 6 },
  black: '#1a2027',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: {
    canh: [
      '#e6f4f5',
      '#cfe7e9',
      '#a3d3d7',
      '#74bdc3',
      '#56b6bd',
      '#2a939b',
      '#157c85',
      '#0b6670',
      '#07525a',
      '#053e44',
    ],
    dark: [
      '#e4e8ec',
      '#c9d0d7',
      '#a3adb8',
      '#8b96a1',
      '#4a535d',
      '#333a42',
      '#22272c',
      '#1a1d21',
      '#14171a',
      '#101214',
    ],
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 28, variant: 'subtle' } },
    TextInput: { defaultProps: { size: 'sm' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
  },
});
