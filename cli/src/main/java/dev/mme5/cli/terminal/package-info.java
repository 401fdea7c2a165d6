/** Text for people: progress lines, tables, and the width of characters. Results for programs never pass through here. */
package dev.mme5.cli.terminal;
