package dev.procpool.internal.codec;

import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explains a {@link java.io.NotSerializableException}, which knows the class of the object but not how one gets there:
 * walks the graph again, breadth first, so that the shortest way is found. It follows what Java serialization would
 * follow as far as that can be seen from outside, and never fails: what it can't look into, it leaves out.
 */
final class Culprit {
    /** A graph can be without end: a collection that makes its elements up. */
    private static final int MOST_OBJECTS = 200_000;

    private final String className;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Queue<Step> open = new ArrayDeque<>();

    /** An object, and how it was reached: from which other, by what. */
    private record Step(Object object, @Nullable Step from, String by) {}

    private Culprit(String className) {
        this.className = className;
    }

    /**
     * The message for an object of class {@code className} that could not be serialised.
     *
     * @param what what {@code root} is, as in "the task"
     */
    static String describe(String what, Object root, @Nullable String className) {
        if (className == null) {
            return "not serialisable: something in " + what + ", a "
                    + root.getClass().getName();
        }
        String message = "not serialisable: " + className;
        if (root.getClass().getName().equals(className)) {
            return message + ", " + what + " itself" + remedy(root);
        }
        Step found = new Culprit(className).search(root);
        if (found == null) {
            return message + ", somewhere in " + what + ", a " + root.getClass().getName();
        }
        Deque<String> path = new ArrayDeque<>();
        for (Step step = found; step.from != null; step = step.from) {
            path.push(step.by);
        }
        return message + ", reached as " + String.join(" → ", path);
    }

    private static String remedy(Object root) {
        boolean lambda = root.getClass().isHidden() || root.getClass().isSynthetic();
        return lambda
                ? ": a lambda is serialisable if its type is, such as SerializableCallable or SerializableRunnable"
                : ": it does not implement java.io.Serializable";
    }

    private @Nullable Step search(Object root) {
        visit(root, null, "");
        for (Step step = open.poll(); step != null; step = open.poll()) {
            if (isCulprit(step.object)) {
                return step;
            }
            try {
                expand(step);
            } catch (RuntimeException | Error e) {
                // The user's collection, or the stack or the heap, would not let us: that part stays dark.
            }
        }
        return null;
    }

    private boolean isCulprit(Object object) {
        return !(object instanceof Serializable) && object.getClass().getName().equals(className);
    }

    private void visit(@Nullable Object object, @Nullable Step from, String by) {
        if (object != null && !isLeaf(object) && seen.size() < MOST_OBJECTS && seen.add(object)) {
            open.add(new Step(object, from, by));
        }
    }

    private static boolean isLeaf(Object object) {
        Class<?> type = object.getClass();
        return ValueCodec.isSimple(object)
                || object instanceof Class
                || object instanceof Enum
                || Faces.behind(object) != null
                || (type.isArray() && type.getComponentType().isPrimitive());
    }

    private void expand(Step step) {
        Object object = step.object;
        LambdaShape shape = LambdaShape.of(object);
        if (shape != null) {
            expandLambda(step, shape.describe(object));
        } else if (object instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                visit(array[i], step, "element " + i + " of an array");
            }
        } else if (isOfTheJdk(object) && object instanceof Collection<?> collection) {
            int index = 0;
            for (Object element : collection) {
                visit(element, step, "element " + index++ + " of " + name(object.getClass()));
            }
        } else if (isOfTheJdk(object) && object instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                visit(entry.getKey(), step, "a key of " + name(object.getClass()));
                String key = ValueCodec.isSimple(entry.getKey()) ? "value of key " + entry.getKey() : "a value";
                visit(entry.getValue(), step, key + " of " + name(object.getClass()));
            }
        } else if (object instanceof Serializable) {
            expandFields(step);
        }
    }

    private void expandLambda(Step step, SerializedLambda lambda) {
        int count = lambda.getCapturedArgCount();
        boolean bodyIsMethod = !lambda.getImplMethodName().startsWith("lambda$");
        boolean isStatic = lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeStatic
                || lambda.getImplMethodKind() == MethodHandleInfo.REF_newInvokeSpecial;
        for (int i = 0; i < count; i++) {
            Object captured = lambda.getCapturedArg(i);
            String by;
            if (i > 0 || isStatic) {
                by = "captured value " + (i + 1) + " of " + count + " of a lambda in "
                        + dotted(lambda.getCapturingClass());
            } else if (bodyIsMethod) {
                by = "captures the object of the method reference " + dotted(lambda.getImplClass()) + "::"
                        + lambda.getImplMethodName();
            } else {
                by = "captures `this` of " + dotted(lambda.getImplClass());
            }
            visit(captured, step, by);
        }
    }

    private void expandFields(Step step) {
        for (Class<?> type = step.object.getClass();
                type != null && Serializable.class.isAssignableFrom(type);
                type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (!field.getType().isPrimitive()
                        && !Modifier.isStatic(modifiers)
                        && !Modifier.isTransient(modifiers)) {
                    visit(valueOf(field, step.object), step, "field " + name(type) + "." + field.getName());
                }
            }
        }
    }

    private static @Nullable Object valueOf(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            return null; // of a module that isn't open: can't be seen
        }
    }

    /** Those keep their elements in transient fields, and have iterators that can be trusted. */
    private static boolean isOfTheJdk(Object object) {
        return object.getClass().getName().startsWith("java.");
    }

    /** The name less its package, as one would say it. */
    private static String name(Class<?> type) {
        String name = type.getName();
        return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }
}
