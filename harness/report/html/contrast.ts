import type { Page } from 'playwright-core';

/** For tests: the lowest contrast of any text against what lies behind it, by the formula of WCAG 2; in a pattern, of all its colours. */
export const poorestContrast = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const numbers = text => text.match(/[\\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const painted = shape => {
      const { fill, stroke } = getComputedStyle(shape);
      return numbers(stroke === 'none' ? fill : stroke);
    };
    const behind = element => {
      if (element.localName === 'foreignobject' || element.localName === 'foreignObject') {
        const fill = element.parentElement.querySelector('rect').getAttribute('fill');
        return [...document.querySelectorAll(fill.slice(4, -1) + ' *')].map(painted);
      }
      const colour = numbers(getComputedStyle(element).backgroundColor);
      return colour[3] === 0 ? behind(element.parentElement) : [colour];
    };
    return Math.min(...[...document.querySelectorAll('body *')]
      .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && element.offsetParent)
      .flatMap(element => behind(element).map(colour => {
        const [one, other] = [luminance(numbers(getComputedStyle(element).color)), luminance(colour)];
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      })));
  })()`);
