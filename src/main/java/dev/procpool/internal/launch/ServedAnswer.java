package dev.procpool.internal.launch;

import dev.procpool.internal.wire.Questions;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Writes an answer: entries, each of which has its bytes in pieces, and an end. */
public final class ServedAnswer {
    /** Words for a person, and names, get no longer than this, so that they fit what is written with their length. */
    private static final int LONGEST_WORDS = 16 * 1024;

    private final DataOutputStream out;
    private final byte[] piece = new byte[8 * 1024];
    private boolean empty = true;

    /** Writes to {@code out}, which should be buffered. */
    public ServedAnswer(OutputStream out) {
        this.out = new DataOutputStream(out);
    }

    /** The worker has it on its class path. */
    void onFiles(String name) throws IOException {
        begin(0, name, "");
        out.writeInt(0);
    }

    /** Something with its bytes; if they can't be read, the reason is told instead of the rest of them. */
    void entry(int owner, String name, String location, InputStream bytes) throws IOException {
        begin(owner, name, location);
        String failure = null;
        while (failure == null) {
            int count = 0;
            try {
                count = bytes.readNBytes(piece, 0, piece.length);
            } catch (IOException | RuntimeException e) {
                failure = "the parent can't read it: " + e;
            }
            out.writeInt(failure == null ? count : -1);
            if (failure == null) {
                out.write(piece, 0, count);
                if (count == 0) {
                    return;
                }
            }
        }
        out.writeUTF(shortened(failure));
    }

    private void begin(int owner, String name, String location) throws IOException {
        empty = false;
        out.writeByte(Questions.ENTRY);
        out.writeInt(owner);
        out.writeUTF(name);
        out.writeUTF(shortened(location));
    }

    /** There is no answer, for this reason. */
    public void failed(String why) throws IOException {
        out.writeByte(Questions.FAILED);
        out.writeUTF(shortened(why));
    }

    /** There is nothing more. */
    void end() throws IOException {
        out.writeByte(Questions.END);
    }

    /** Whether nothing was found. */
    public boolean isEmpty() {
        return empty;
    }

    /** Hands over what is buffered. */
    public void flush() throws IOException {
        out.flush();
    }

    private static String shortened(String words) {
        return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS);
    }
}
