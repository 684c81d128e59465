using System.Reflection;
using System.Runtime.CompilerServices;
using SparseRobust.Torch.Modules;

namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            /// <summary>Sets training or evaluation for this module and those within it.</summary>
            /// <param name="train">True to train.</param>
            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var child in children())
                    child.train(train);
            }

            /// <summary>Sets evaluation for this module and those within it.</summary>
            public virtual void eval() => train(false);

            /// <summary>Forgets the gradients of all parameters.</summary>
            /// <param name="set_to_none">False to keep their memory, filled with zeros.</param>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                        continue;
                    }
                    using var gradient = parameter.grad;
                    gradient?.zero_();
                }
            }

            /// <summary>Calls a function on each module within, the innermost first, and on this one last.</summary>
            /// <param name="fn">The function.</param>
            /// <returns>The module itself.</returns>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var child in children())
                    child.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>The parameters and the persistent buffers by their dotted names; borrowed, not copied.</summary>
            /// <param name="destination">Where to add them; null for a new dictionary.</param>
            /// <param name="prefix">What to put before each name, with a dot; null for nothing.</param>
            /// <returns>The dictionary.</returns>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var head = string.IsNullOrEmpty(prefix) ? string.Empty : prefix + ".";
                foreach (var (name, parameter) in named_parameters())
                    destination[head + name] = parameter;
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false))
                    destination[head + name] = buffer;
                return destination;
            }

            /// <summary>Copies values into the parameters and the persistent buffers.</summary>
            /// <param name="source">Values by dotted name.</param>
            /// <param name="strict">Whether missing and unexpected names are errors.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <returns>The missing and the unexpected names.</returns>
            /// <exception cref="InvalidOperationException">Strict, and the names do not match.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var target = state_dict();
                var missing = target.Keys.Where(k => !source.ContainsKey(k) && skip?.Contains(k) != true).ToList();
                var unexpected = source.Keys.Where(k => !target.ContainsKey(k) && skip?.Contains(k) != true).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"The state does not fit {_name}: missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}].");
                }
                using var guard = no_grad();
                foreach (var (name, value) in source)
                {
                    if (target.TryGetValue(name, out var own) && skip?.Contains(name) != true)
                        own.copy_(RequireShape(name, own, value));
                }
                return (missing, unexpected);
            }

            /// <summary>Registers every parameter, buffer and module that is a field of the derived class, under the field's name.</summary>
            /// <remarks>A leading underscore stays part of the name. <see cref="ComponentNameAttribute"/> gives another name.</remarks>
            protected virtual void RegisterComponents()
            {
                const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    if (type.Assembly == typeof(Module).Assembly)
                        continue;
                    foreach (var field in type.GetFields(All))
                        Register(field);
                }
            }

            private static Tensor RequireShape(string name, Tensor own, Tensor value)
            {
                if (!own.shape.AsSpan().SequenceEqual(value.shape))
                {
                    throw new ArgumentException(
                        $"'{name}' has the shape [{string.Join(", ", own.shape)}], not [{string.Join(", ", value.shape)}].");
                }
                return value;
            }

            private void Register(FieldInfo field)
            {
                var name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                if (field.IsDefined(typeof(CompilerGeneratedAttribute)))
                    name = field.Name.Split('<', '>') is [_, var property, ..] ? property : name;
                switch (field.GetValue(this))
                {
                    case Parameter parameter when !_parameters.Exists(p => ReferenceEquals(p.Value, parameter)):
                        register_parameter(name, parameter);
                        break;
                    case Parameter _:
                        break;
                    case Tensor tensor when !_buffers.Exists(b => ReferenceEquals(b.Value, tensor)):
                        register_buffer(name, tensor);
                        break;
                    case Module module when !_modules.Exists(m => ReferenceEquals(m.Value, module)):
                        register_module(name, module);
                        break;
                }
            }
        }
    }
}
