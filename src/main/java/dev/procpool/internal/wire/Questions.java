package dev.procpool.internal.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The part of a control block in which a child asks its parent for classes and resources, one question at a time, and
 * gets answers of any length through a small ring. It stands beside the rings of calls and replies, so that a class can
 * be asked for in the middle of a task, and is sent whatever lies in those.
 *
 * <pre>
 *  offset  word         written by  meaning
 *  1152    asked        child       how many questions it has asked
 *  1280    answered     parent      how many of them are done with: negative if the last answer was broken off
 *  1288    answersTail  parent      bytes of the ring of answers that have been written
 *  1408    answersRead  child       bytes of it that have been read
 * </pre>
 *
 * A child asks only when the question before is done with; then it writes the next, and then the number. The child rings
 * a bell for each question, and looks for the answer by itself.
 */
public final class Questions {
    /** Asks for the one class of that name. */
    public static final byte CLASS = 1;
    /** The same, where the parent has said that it is on the child's own class path and it isn't. */
    public static final byte CLASS_NOT_ON_FILES = 2;
    /** Asks for the first resource of that name. */
    public static final byte RESOURCE = 3;
    /** Asks for all resources of that name that are not on the child's own class path. */
    public static final byte RESOURCES = 4;

    /** The longest name, in chars. */
    public static final int LONGEST_NAME = 4096;

    /** Says that there are no more entries in an answer. */
    public static final byte END = 0;
    /** An entry: int: who has it, 0 for the child's own class path; its name; where it is from; its bytes. */
    public static final byte ENTRY = 1;
    /** The parent's class loader failed: words for a person. */
    public static final byte FAILED = 2;

    /** Room for the kind, the number of a loader, and a name of which each char takes three bytes. */
    private static final int QUESTION = 16 * 1024;

    private static final int ANSWERS = 64 * 1024;
    static final int SIZE = QUESTION + ANSWERS;

    private static final int ASKED = 1152;
    private static final int ANSWERED = 1280;
    private static final int ANSWERS_TAIL = 1288;
    private static final int ANSWERS_READ = 1408;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    private final int base;
    private final Ring answers;

    /** One question, as it was asked; nothing of it has been checked. */
    public record Question(byte kind, int loader, String name) {
        /** Whether an honest child may ask this: names and nothing else, no path that leads out of anywhere, no URL. */
        public boolean isProper() {
            return switch (kind) {
                case CLASS, CLASS_NOT_ON_FILES -> isProperClass(name);
                case RESOURCE, RESOURCES -> isProperResource(name);
                default -> false;
            };
        }
    }

    Questions(ByteBuffer memory, int base) {
        this.memory = memory;
        this.base = base;
        this.answers = new Ring(memory, base + QUESTION, ANSWERS);
    }

    /** Whether this can be the name of a class, as {@link Class#getName} gives it. */
    public static boolean isProperClass(String name) {
        return isProper(name, '.', false) && name.indexOf('/') < 0 && name.indexOf('[') < 0 && name.indexOf(';') < 0;
    }

    /** Whether this can be the name of a resource, as {@link ClassLoader#getResource} takes it; perhaps of a folder. */
    public static boolean isProperResource(String name) {
        return isProper(name, '/', true);
    }

    private static boolean isProper(String name, char separator, boolean mayEndWithIt) {
        int length = name.length();
        if (length == 0 || length > LONGEST_NAME) {
            return false;
        }
        int from = 0;
        for (int i = 0; i <= length; i++) {
            char c = i == length ? separator : name.charAt(i);
            if (c < ' ' || c == '\\' || c == ':') {
                return false;
            }
            if (c == separator) {
                boolean last = i == length;
                if (isImproperPart(name, from, i) && !(last && mayEndWithIt && from == length && from > 0)) {
                    return false;
                }
                from = i + 1;
            }
        }
        return true;
    }

    /** Nothing, a folder itself, or the one above. */
    private static boolean isImproperPart(String name, int from, int to) {
        return from == to
                || (name.charAt(from) == '.' && (to - from == 1 || (to - from == 2 && name.charAt(from + 1) == '.')));
    }

    // ---- the child's side -------------------------------------------------------------------------------------------

    /** Child: asks a {@linkplain Question#isProper proper} question; the one before must be done with. */
    public void ask(byte kind, int loader, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        memory.put(base, kind);
        memory.putInt(base + 4, loader);
        memory.putInt(base + 8, bytes.length);
        memory.put(base + 12, bytes, 0, bytes.length);
        LONG.setVolatile(memory, ASKED, asked() + 1);
    }

    /** Whether the last question is done with; then no more bytes of its answer will come. */
    public boolean isDone() {
        return Math.abs(answered()) == asked();
    }

    /** Whether the parent could not complete its last answer. */
    public boolean isBrokenOff() {
        return answered() < 0;
    }

    /** Child: takes up to {@code length} bytes of the answer, as many as are there. */
    public int take(byte[] target, int offset, int length) {
        long read = answersRead();
        int some = (int) Math.min(length, answersTail() - read);
        if (some > 0) {
            answers.get(read, target, offset, some);
            LONG.setRelease(memory, ANSWERS_READ, read + some);
        }
        return some;
    }

    /** Child: passes over what it doesn't want to read of an answer that is done with. */
    public void skip() {
        LONG.setRelease(memory, ANSWERS_READ, answersTail());
    }

    // ---- the parent's side: nothing that the child has written is believed ------------------------------------------

    /** How many questions the child has asked. */
    public long asked() {
        return (long) LONG.getVolatile(memory, ASKED);
    }

    /** Parent: the last question. */
    public Question question() {
        byte kind = memory.get(base);
        int loader = memory.getInt(base + 4);
        int length = memory.getInt(base + 8);
        if (length < 0 || length > QUESTION - 12) {
            return new Question((byte) 0, loader, "(a name of " + Integer.toUnsignedString(length) + " bytes)");
        }
        byte[] bytes = new byte[length];
        memory.get(base + 12, bytes, 0, length);
        return new Question(kind, loader, new String(bytes, StandardCharsets.UTF_8));
    }

    /** Parent: puts up to {@code length} bytes into the ring of answers, as many as there is room for. */
    public int give(byte[] source, int offset, int length) {
        long tail = answersTail();
        long free = ANSWERS - (tail - answersRead());
        int some = (int) Math.min(length, free);
        if (some <= 0 || free > ANSWERS) { // more than that: the child has gone mad, and waits for ever
            return 0;
        }
        answers.put(tail, source, offset, some);
        LONG.setRelease(memory, ANSWERS_TAIL, tail + some);
        return some;
    }

    /** Parent: the question of that number is done with. */
    public void done(long number, boolean complete) {
        LONG.setVolatile(memory, ANSWERED, complete ? number : -number);
    }

    private long answered() {
        return (long) LONG.getVolatile(memory, ANSWERED);
    }

    private long answersTail() {
        return (long) LONG.getAcquire(memory, ANSWERS_TAIL);
    }

    private long answersRead() {
        return (long) LONG.getAcquire(memory, ANSWERS_READ);
    }
}
