/* page.h -- the style sheet and the script of an HTML report.  When wf is built, page/embed makes
 * them of page.css and page.js.
 *
 * The hashes, "sha256-...", are those of the whole texts.  A Content-Security-Policy with such a
 * hash allows only an element that contains exactly this text.
 */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

extern const char page_css[], page_css_hash[];
extern const char page_js[], page_js_hash[];

#endif
