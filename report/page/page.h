/* page.h -- the style sheet and the script of an HTML report, as page/embed makes them from
 * page.css and page.js when wf is built.
 *
 * The hashes, "sha256-...", are those of the whole texts: a Content-Security-Policy with such a
 * hash allows only an element that contains exactly this text.
 */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

extern const char page_css[], page_css_hash[];
extern const char page_js[], page_js_hash[];

#endif
