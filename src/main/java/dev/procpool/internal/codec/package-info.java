/**
 * Task or value ⇄ bytes. Knows the {@linkplain dev.procpool.internal.wire wire}, and the files behind shared bytes.
 *
 * <p>Start from {@link dev.procpool.internal.codec.TaskEncoder}, then {@link dev.procpool.internal.codec.TaskDecoder}: one
 * writes into a {@link dev.procpool.internal.wire.Payload} what the other reads from a
 * {@link dev.procpool.internal.wire.PayloadReader}. What a task is made of goes three ways, the cheapest that is right:
 *
 * <ol>
 *   <li>Plain values have a tag and their bytes ({@link dev.procpool.internal.codec.ValueCodec}).
 *   <li>What is the same for many tasks is sent to each receiver once, as a <em>definition</em> with a number
 *       ({@link dev.procpool.internal.codec.Definitions}), and named by that number afterwards: the shape of a lambda,
 *       which is all of it but the captured values, and shared values ({@link dev.procpool.internal.codec.Handle}).
 *   <li>Everything else is the business of a {@link dev.procpool.Codec}; by default Java serialization, which is
 *       always right and never fast.
 * </ol>
 *
 * <h2>Values</h2>
 *
 * A value is a tag byte and what the table says. Numbers are little-endian; <i>varint</i> has seven bits in a byte, low
 * ones first, the high bit says that another byte follows.
 *
 * <table>
 *   <caption>Tags</caption>
 *   <tr><th>tag</th><th>value</th><th>bytes that follow</th></tr>
 *   <tr><td>0</td><td>{@code null}</td><td></td></tr>
 *   <tr><td>1, 2</td><td>{@code true}, {@code false}</td><td></td></tr>
 *   <tr><td>3</td><td>{@code Byte}</td><td>1</td></tr>
 *   <tr><td>4</td><td>{@code Short}</td><td>2</td></tr>
 *   <tr><td>5</td><td>{@code Character}</td><td>2</td></tr>
 *   <tr><td>6</td><td>{@code Integer}</td><td>4</td></tr>
 *   <tr><td>7</td><td>{@code Long}</td><td>8</td></tr>
 *   <tr><td>8</td><td>{@code Float}</td><td>4, the raw bits</td></tr>
 *   <tr><td>9</td><td>{@code Double}</td><td>8, the raw bits</td></tr>
 *   <tr><td>10</td><td>{@code String} of chars up to U+00FF</td><td>varint length, one byte a char</td></tr>
 *   <tr><td>11</td><td>any other {@code String}</td><td>varint length in chars, two bytes a char, as they are</td></tr>
 *   <tr><td>12</td><td>{@code byte[]}</td><td>varint length, the bytes</td></tr>
 *   <tr><td>13</td><td>{@code boolean[]}</td><td>varint length, a byte each: 0 or 1</td></tr>
 *   <tr><td>14 … 19</td><td>{@code char[] short[] int[] long[] float[] double[]}</td>
 *       <td>varint length, 2, 2, 4, 8, 4, 8 bytes each</td></tr>
 *   <tr><td>20</td><td>object by codec</td><td>4: length; what the codec wrote</td></tr>
 *   <tr><td>21</td><td>lambda</td><td>varint number of its shape, then each captured value</td></tr>
 *   <tr><td>22</td><td>captured values together</td>
 *       <td>an object by codec (tag 20), an {@code Object[]}; in place of the captured values of a lambda</td></tr>
 *   <tr><td>23</td><td>handle of a shared value</td><td>16: id; varint number of its definition</td></tr>
 * </table>
 *
 * <p>Two captured values may refer to each other or to a common object, and then must do so on the other side.
 * Therefore a lambda that captures more than one value for which that is thinkable sends all of them together, through
 * the codec.
 *
 * <h2>Definitions</h2>
 *
 * The body of a definition is a kind byte and what the table says. A receiver stores it and looks inside on first use,
 * so that what is wrong with it is the fault of a task and not of the connection.
 *
 * <table>
 *   <caption>Kinds</caption>
 *   <tr><th>kind</th><th>definition</th><th>bytes that follow</th></tr>
 *   <tr><td>1</td><td>shape of a lambda</td><td>as values: capturing class; interface, its method, its signature;
 *       implementing class, its method, its signature; instantiated method type; then a byte: the kind of the
 *       implementing method, as in {@link java.lang.invoke.MethodHandleInfo}; varint: how many values it captures</td></tr>
 *   <tr><td>2</td><td>shared value</td><td>4: length; the handle, by Java serialization; then the shared value, as a
 *       value</td></tr>
 *   <tr><td>3</td><td>class loader of the sender, which calls name by this number</td><td></td></tr>
 * </table>
 */
@NullMarked
package dev.procpool.internal.codec;

import org.jspecify.annotations.NullMarked;
