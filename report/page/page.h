/* page.h -- the style sheet and the script of an HTML report.  When wf is built, page/embed makes
 * these strings from page.css and page.js.
 *
 * page_css_hash and page_js_hash, "sha256-...", are the hashes of the whole texts.  A
 * Content-Security-Policy with a hash allows only an element that contains exactly that text.
 */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

extern const char page_css[], page_css_hash[];
extern const char page_js[], page_js_hash[];

#endif
