package dev.procpool.lab.report;

import java.util.List;

/**
 * The answer to one question of the lab.
 *
 * @param blocks tables, plots and explanations
 * @param verdict the answer in sentences
 * @param data the figures behind it, for programs
 */
record Section(List<Block> blocks, List<String> verdict, Object data) {}
