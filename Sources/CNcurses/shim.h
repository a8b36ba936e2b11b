// SPDX-License-Identifier: GPL-3.0-or-later
// The windows of ncurses are global variables and its sizes macros, neither of which Swift 6 takes: each call used has
// a function here. Text goes in as UTF-8; the locale must be one of UTF-8 (setlocale before newterm).
#ifndef CNCURSES_SHIM_H
#define CNCURSES_SHIM_H

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>

// A screen on the terminal, or NULL where TERM is not known (initscr would end the program).
static inline void *panel_curses_open(void) {
  SCREEN *screen = newterm(NULL, stdout, stdin);
  if (screen == NULL) return NULL;
  set_term(screen);
  cbreak();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  // Bytes are read and parsed by the program itself.
  keypad(stdscr, FALSE);
  curs_set(0);
  return screen;
}

// Bytes of the longest character of the locale: 1 outside of UTF-8 and its like.
static inline int panel_curses_longest_character(void) { return (int)MB_CUR_MAX; }

static inline void panel_curses_close(void *screen) {
  endwin();
  delscreen((SCREEN *)screen);
}

// Gives the terminal back, as before a stop; panel_curses_refresh takes it again.
static inline void panel_curses_suspend(void) { endwin(); }

static inline void panel_curses_resize(int rows, int columns) { resizeterm(rows, columns); }
static inline int panel_curses_rows(void) { return getmaxy(stdscr); }
static inline int panel_curses_columns(void) { return getmaxx(stdscr); }
static inline void panel_curses_erase(void) { erase(); }
static inline void panel_curses_redraw_all(void) { clearok(stdscr, TRUE); }
static inline void panel_curses_refresh(void) { refresh(); }
static inline void panel_curses_text(int row, int column, const char *text) { mvaddstr(row, column, text); }

static inline void panel_curses_style(int bold, int dim, int reverse, int colour) {
  attr_t attributes = A_NORMAL;
  if (bold) attributes |= A_BOLD;
  if (dim) attributes |= A_DIM;
  if (reverse) attributes |= A_REVERSE;
  attr_set(attributes, (short)colour, NULL);
}

// Pairs 1 to 4: cyan, green, yellow, red on the terminal's own background. Returns 0 where there is no colour.
static inline int panel_curses_start_colour(void) {
  if (!has_colors() || start_color() == ERR || use_default_colors() == ERR) return 0;
  init_pair(1, COLOR_CYAN, -1);
  init_pair(2, COLOR_GREEN, -1);
  init_pair(3, COLOR_YELLOW, -1);
  init_pair(4, COLOR_RED, -1);
  return 1;
}

#endif
